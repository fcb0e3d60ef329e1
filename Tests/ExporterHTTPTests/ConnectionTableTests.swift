import NIOCore
import NIOEmbedded
import Testing

@testable import ExporterHTTP

@Suite struct ConnectionTableTests {
    private static func channel(_ address: String) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        channel.remoteAddress = try SocketAddress(ipAddress: address, port: 1)
        try channel.connect(to: SocketAddress(ipAddress: address, port: 1)).wait()
        return channel
    }

    /// So much later than the records before that every connection counts as slow.
    private static var later: NIODeadline { .now() + .seconds(2) }

    @Test(
        "of an address's connections, one that does not read is closed first, and a new one stays",
        arguments: [
            [ConnectionActivity.answering, .writing, .idle, .reading], [.answering, .reading, .idle],
            [.answering, .reading], [.answering],
        ]
    )
    func order(activities: [ConnectionActivity]) throws {
        let table = ConnectionTable(limit: 100, limitOfAddress: activities.count)
        let others = try activities.map { activity in
            let channel = try Self.channel("192.0.2.1")
            table.add(channel)
            table.record(channel, activity)
            return channel
        }
        let new = try Self.channel("192.0.2.1")
        table.add(new, now: Self.later)
        let order: [ConnectionActivity] = [.writing, .idle, .reading, .answering]
        let first = order.first { activities.contains($0) }
        #expect(zip(activities, others).filter { !$0.1.isActive }.map(\.0) == [first])
        #expect(new.isActive)
        #expect(table.count == activities.count)
    }

    @Test("a full table closes one of the address with the most connections, and no other")
    func fairness() throws {
        let table = ConnectionTable(limit: 4, limitOfAddress: 10)
        let quiet = try Self.channel("192.0.2.1")
        table.add(quiet)
        let crowd = try (0..<3).map { _ in try Self.channel("192.0.2.2") }
        for channel in crowd { table.add(channel) }
        let new = try Self.channel("192.0.2.3")
        table.add(new, now: Self.later)
        #expect(quiet.isActive && new.isActive)
        #expect(crowd.count(where: \.isActive) == 2)
    }

    @Test("a full table in which every address has one connection closes the one that does not read")
    func equals() throws {
        let table = ConnectionTable(limit: 8)
        let others = try (1...8).map { number in
            let channel = try Self.channel("192.0.2.\(number)")
            table.add(channel)
            table.record(channel, number == 5 ? .writing : .answering)
            return channel
        }
        let new = try Self.channel("192.0.2.9")
        table.add(new, now: Self.later)
        #expect(others.map(\.isActive) == (1...8).map { $0 != 5 })
        #expect(new.isActive)
    }

    @Test("the work of a client that leaves is cancelled, including work that it requests later")
    func departure() async throws {
        let client = Client(address: "a")
        let executor = EventLoopExecutor(ServingThreads.computations)
        let work = Task { try await client.whileConnected(on: executor) { try await Task.sleep(for: .seconds(3600)) } }
        client.leave()
        await #expect(throws: CancellationError.self) { try await work.value }
        await #expect(throws: CancellationError.self) {
            try await client.whileConnected(on: executor) { try await Task.sleep(for: .seconds(3600)) }
        }
    }

    @Test(
        "an address is one network: of IPv6 its first half",
        arguments: [
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("::ffff:192.0.2.1", "192.0.2.1", true),
            ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ]
    )
    func networks(one: String, other: String, isSame: Bool) throws {
        #expect((Client(try Self.channel(one)).address == Client(try Self.channel(other)).address) == isSame)
    }
}
