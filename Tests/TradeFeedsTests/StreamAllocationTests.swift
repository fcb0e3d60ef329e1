import MarketData
import Testing

@testable import TradeFeeds

@Suite struct StreamAllocationTests {
    private func ids(_ indices: some Sequence<Int>) -> [InstrumentID] { indices.map { InstrumentID($0) } }

    private func allocation(of streams: some Sequence<Int>, capacity: Int = 3) -> StreamAllocation {
        var allocation = StreamAllocation(capacity: capacity)
        _ = allocation.update(to: Set(ids(streams)))
        return allocation
    }

    @Test("streams fill parts in order with any ids")
    func first() {
        var allocation = StreamAllocation(capacity: 3)
        let change = allocation.update(to: Set(ids([900, 4, 70, 8])))
        #expect(change.added == ids([4, 8, 70, 900]) && change.openedParts == [0, 1])
        #expect(change.changedParts.isEmpty && change.closedParts.isEmpty && change.removed.isEmpty)
        #expect(allocation.parts == [0: ids([4, 8, 70]), 1: ids([900])])
    }

    @Test("added streams fill parts below their capacity before they open a new one")
    func added() {
        var allocation = allocation(of: 0..<4)
        let roomy = allocation.update(to: Set(ids(0..<6)))
        #expect(roomy.openedParts.isEmpty && roomy.changedParts == [1])
        #expect(allocation.parts == [0: ids(0..<3), 1: ids(3..<6)])
        let full = allocation.update(to: Set(ids(0..<7)))
        #expect(full.openedParts == [2] && full.changedParts.isEmpty)
        #expect(allocation.parts[2] == ids([6]))
    }

    @Test("a removal does not move other streams, and closes an empty part")
    func removed() {
        var allocation = allocation(of: 0..<7)
        let change = allocation.update(to: Set(ids([0, 2, 3, 4, 5])))
        #expect(change.removed == ids([1, 6]) && change.changedParts == [0] && change.closedParts == [2])
        #expect(allocation.parts == [0: ids([0, 2]), 1: ids(3..<6)])
        #expect(!allocation.contains(InstrumentID(6)) && allocation.contains(InstrumentID(5)))
    }

    @Test("a part whose streams are all replaced stays open, and the number of a closed one is not used again")
    func replaced() {
        var allocation = allocation(of: 0..<3)
        let change = allocation.update(to: Set(ids(5..<7)))
        #expect(change.changedParts == [0] && change.closedParts.isEmpty && change.openedParts.isEmpty)
        #expect(allocation.parts == [0: ids(5..<7)])
        #expect(allocation.update(to: []).closedParts == [0])
        #expect(allocation.update(to: Set(ids([1]))).openedParts == [1])
    }

    @Test("after any changes, every stream is in one part and no part exceeds its capacity")
    func random() {
        var allocation = StreamAllocation(capacity: 4)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let before = allocation.parts
            let wanted = Set((0..<30).filter { _ in Bool.random(using: &generator) }.map { InstrumentID($0) })
            let change = allocation.update(to: wanted)
            #expect(allocation.parts.values.allSatisfy { (1...4).contains($0.count) })
            #expect(allocation.parts.values.flatMap { $0 }.sorted() == wanted.sorted())
            for (part, streams) in before {
                let stayed = streams.filter { wanted.contains($0) }
                #expect(Set(allocation.parts[part] ?? []).isSuperset(of: stayed))
            }
            #expect(change.openedParts.allSatisfy { before[$0] == nil })
        }
    }
}
