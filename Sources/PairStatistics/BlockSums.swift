/// A sum over a horizon that moves on in blocks: a partial sum for each block, added up anew whenever the sum is read.
///
/// Nothing is ever subtracted, so no rounding is left behind by what has gone.
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

    /// What all blocks add up to.
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

    /// Forgets the blocks that begin before a time.
    mutating func forget(before edge: Int64) {
        let kept = blocks.firstIndex { $0.start >= edge } ?? blocks.count
        if kept > 0 { blocks.removeFirst(kept) }
    }
}
