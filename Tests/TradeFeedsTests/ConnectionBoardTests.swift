import MarketData
import Testing

@testable import TradeFeeds

@Suite struct ConnectionBoardTests {
    private static let streams = (0..<3).map { InstrumentID($0) }
    private static let parts = [0: [streams[0], streams[1]], 1: [streams[2]]]

    private func connection(_ part: Int, _ generation: Int) -> ConnectionID {
        ConnectionID(part: part, generation: generation)
    }

    private func board() -> ConnectionBoard {
        var board = ConnectionBoard()
        board.update(to: Self.parts)
        return board
    }

    @Test("the state of a feed is that of its worst part, the state of a part that of its better connection")
    func states() {
        var board = board()
        #expect(board.state == .stopped)
        board.set(.flowing, of: connection(0, 0))
        board.set(.subscribed, of: connection(1, 0))
        #expect(board.state == .subscribed)
        #expect(board.isAnyFlowing)
        board.set(.flowing, of: connection(1, 0))
        board.set(.connecting, of: connection(1, 1))
        #expect(board.state == .flowing)
    }

    @Test("a part whose streams are all refused does not count, and a feed of such parts has stopped")
    func refusals() {
        var board = board()
        board.set(.flowing, of: connection(0, 0))
        #expect(board.state == .stopped, "the second part has not begun")
        board.set(.connecting, of: connection(1, 0))
        _ = board.end(connection(1, 0), then: .stopped)
        #expect(board.state == .flowing)
        _ = board.end(connection(0, 0), then: .stopped)
        #expect(board.state == .stopped)
        board.set(.connecting, of: connection(1, 1))
        #expect(board.state == .connecting)
    }

    @Test("only the streams of a part without a connection are lost")
    func ends() {
        var board = board()
        board.set(.flowing, of: connection(0, 0))
        board.set(.flowing, of: connection(0, 1))
        board.set(.flowing, of: connection(1, 0))
        #expect(board.end(connection(0, 0), then: .backingOff).isEmpty)
        #expect(board.state == .flowing)
        #expect(board.end(connection(0, 1), then: .backingOff) == [Self.streams[0], Self.streams[1]])
        #expect(board.state == .backingOff)
        #expect(board.isAnyFlowing)
    }

    @Test("a part that is added does not stop the feed, and one that is removed does not count")
    func changes() {
        var board = ConnectionBoard()
        board.update(to: [0: [Self.streams[0]]])
        board.set(.flowing, of: connection(0, 0))
        board.update(to: [0: [Self.streams[0], Self.streams[1]], 1: [Self.streams[2]]])
        #expect(board.state == .connecting)
        board.set(.flowing, of: connection(1, 0))
        #expect(board.state == .flowing)
        board.update(to: [1: [Self.streams[2]]])
        #expect(board.end(connection(0, 0), then: .stopped).isEmpty)
        board.set(.connecting, of: connection(0, 1))
        #expect(board.state == .flowing)
        #expect(board.end(connection(1, 0), then: .backingOff) == [Self.streams[2]])
    }
}
