import MarketData
import Testing

@testable import TradeFeeds

@Suite struct StreamRosterTests {
    private let start = ContinuousClock.now
    private let streams = (0..<8).map { InstrumentID($0) }

    @Test(
        "a refused stream is not followed, and is tried again after a pause that grows to its limit",
        arguments: [true, false]
    )
    func backoff(isNamed: Bool) {
        var roster = StreamRoster()
        var now = start
        var pauses: [Duration] = []
        for attempt in 0..<12 {
            #expect(roster.refuse([streams[2]], isNamed: isNamed, at: now) == (attempt == 0 ? [streams[2]] : []))
            #expect(!roster.isFollowed(streams[2]) && roster.isFollowed(streams[1]))
            let refusedAt = now
            while roster.beginTrial(at: now) == nil { now += .seconds(1) }
            pauses.append(now - refusedAt)
        }
        #expect(pauses.first == StreamRoster.firstRetry)
        #expect(pauses.last == (isNamed ? StreamRoster.rarestRetry : StreamRoster.rarestUnnamedRetry))
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("an accepted stream is followed, and after a minute its pauses are reset")
    func accepted() {
        var roster = StreamRoster()
        for _ in 0..<5 { _ = roster.refuse([streams[0]], isNamed: true, at: start) }
        #expect(roster.accept([streams[0], streams[1]], at: start) == [streams[0]])
        #expect(roster.isFollowed(streams[0]))
        let later = start + StreamRoster.healthyTime
        #expect(roster.refuse([streams[0]], isNamed: true, at: later) == [streams[0]])
        #expect(roster.beginTrial(at: later + StreamRoster.firstRetry) == [streams[0]])
    }

    @Test("halves isolate every refused stream among several", arguments: [[3], [0, 7], [1, 2, 3], Array(0..<8), []])
    func bisection(refused: [Int]) {
        let refused = Set(refused.map { InstrumentID($0) })
        var roster = StreamRoster()
        roster.suspect(streams)
        #expect(streams.allSatisfy { !roster.isFollowed($0) })
        var trials = 0
        while let group = roster.beginTrial(at: start) {
            trials += 1
            if refused.isDisjoint(with: group) {
                _ = roster.accept(group, at: start)
            } else if group.count == 1 {
                _ = roster.refuse(group, isNamed: false, at: start)
            } else {
                roster.suspect(group)
            }
        }
        #expect(Set(streams.filter { roster.isRefused($0) }) == refused)
        #expect(streams.allSatisfy { roster.isFollowed($0) != refused.contains($0) })
        #expect(trials <= max(2, 2 * refused.count * 3))
    }

    @Test("a failed trial changes only the time of the next one")
    func abandoned() {
        var roster = StreamRoster()
        roster.suspect([streams[0], streams[1]])
        let first = roster.beginTrial(at: start)
        roster.abandonTrial(at: start)
        #expect(roster.beginTrial(at: start) == [streams[1]] && first == [streams[0]])
        _ = roster.accept([streams[1]], at: start)
        _ = roster.refuse([streams[2]], isNamed: true, at: start)
        #expect(roster.beginTrial(at: start) == [streams[0]])
        _ = roster.accept([streams[0]], at: start)
        let due = start + StreamRoster.firstRetry
        #expect(roster.beginTrial(at: due) == [streams[2]])
        roster.abandonTrial(at: due)
        #expect(roster.isRefused(streams[2]) && roster.beginTrial(at: due) == nil)
        #expect(roster.beginTrial(at: due + StreamRoster.firstRetry) == [streams[2]])
    }
}
