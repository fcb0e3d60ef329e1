import Testing

@testable import ExporterHTTP

@Suite struct FairQueueTests {
    private static func rest(of queue: FairQueue<Int>) -> [Int] {
        var queue = queue
        var items: [Int] = []
        while let item = queue.popFirst() { items.append(item) }
        return items
    }

    @Test("addresses are served in turn, and so are the users of an address")
    func turns() {
        var queue = FairQueue<Int>()
        for number in 0..<4 { queue.append(number, of: "alice", from: "a") }
        queue.append(10, of: "bob", from: "a")
        queue.append(20, of: "alice", from: "b")
        #expect(Self.rest(of: queue) == [0, 20, 10, 1, 2, 3])
    }

    @Test("a removed item is not returned, and the others are")
    func removal() {
        var queue = FairQueue<Int>()
        for number in 0..<3 { queue.append(number, of: "alice", from: "a") }
        #expect(queue.remove(of: "alice", from: "a") { $0 == 1 } == 1)
        #expect(queue.remove(of: "alice", from: "a") { $0 == 1 } == nil)
        #expect(queue.remove(of: "bob", from: "a") { _ in true } == nil)
        #expect(Self.rest(of: queue) == [0, 2])
        var single = FairQueue<Int>()
        single.append(1, of: "alice", from: "a")
        _ = single.remove(of: "alice", from: "a") { _ in true }
        #expect(single.popFirst() == nil)
        single.append(2, of: "alice", from: "a")
        #expect(single.popFirst() == 2)
    }
}
