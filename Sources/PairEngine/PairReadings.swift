import MarketData

/// The readings of all pairs, in blocks that copies share: after a copy a change copies only its block.
///
/// Blocks hold readings of one bar length, which change together. The readings keep the order in which they were given.
package struct PairReadings: RandomAccessCollection, Sendable {
    /// Readings in a block: few enough that the copy of one is cheap, enough that there are few blocks.
    private static let blockSize = 32

    private var blocks: [[PairReading]] = []
    /// Where each reading is.
    private let places: [Place]

    private struct Place {
        var block = 0
        var offset = 0
    }

    /// Readings in this order.
    package init(_ readings: [PairReading] = []) {
        var places = Array(repeating: Place(), count: readings.count)
        var openBlocks: [Timeframe: Int] = [:]
        for (index, reading) in readings.enumerated() {
            var block = openBlocks[reading.timeframe] ?? blocks.count
            if block < blocks.count, blocks[block].count == Self.blockSize { block = blocks.count }
            if block == blocks.count {
                blocks.append([])
                blocks[block].reserveCapacity(Self.blockSize)
                openBlocks[reading.timeframe] = block
            }
            places[index] = Place(block: block, offset: blocks[block].count)
            blocks[block].append(reading)
        }
        self.places = places
    }

    /// The position of the first reading.
    package var startIndex: Int { 0 }

    /// The position after the last reading.
    package var endIndex: Int { places.count }

    /// The reading at a position.
    package internal(set) subscript(index: Int) -> PairReading {
        // Borrowed, not copied: a reading is large.
        _read {
            let place = places[index]
            yield blocks[place.block][place.offset]
        }
        _modify {
            let place = places[index]
            yield &blocks[place.block][place.offset]
        }
    }
}
