/// A sum over a horizon that advances in blocks: a partial sum for each block, added up whenever the sum is read.
///
/// No value is ever subtracted, so removed values leave no rounding.
struct BlockSums: Sendable {
    private struct Block {
        let start: Int64
        var sum: Double
    }

    private let length: Int64
    private var blocks: [Block] = []

    /// No blocks yet, of a length in the unit of the times.
    init(length: Int64) {
        self.length = length
    }

    /// The sum of all blocks.
    var total: Double { blocks.reduce(0) { $0 + $1.sum } }

    /// Adds a value at a time, which must not lie in a block before the newest.
    @inline(__always)
    mutating func add(_ value: Double, at time: Int64) {
        if let last = blocks.indices.last, time &- blocks[last].start < length {
            blocks[last].sum += value
        } else {
            let start = time &- (time % length + length) % length
            blocks.append(Block(start: start, sum: value))
        }
    }

    /// Removes the blocks that begin before a time.
    mutating func remove(before edge: Int64) {
        let kept = blocks.firstIndex { $0.start >= edge } ?? blocks.count
        if kept > 0 { blocks.removeFirst(kept) }
    }
}
