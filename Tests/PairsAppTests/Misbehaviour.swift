import Foundation
import MarketData
import Testing
import VenueSimulator

/// One way in which a venue misbehaves, and the metrics that must result.
struct Misbehaviour: CustomTestStringConvertible, Sendable {
    var name: String
    /// The steps of the first connection; `later` has those of every later one.
    var first: [VenueStep]
    /// The last frames twice, so that their loss with the end of a connection is detected.
    var later: [VenueStep] = [.frames(), .confirm, .again(100)]
    /// The first connection that waits until the flow has been checked, or none.
    var gate: Gate? = .first
    /// The text that `/-/flowing` must contain before the gate opens.
    var silence = "the feed is"
    var idleTimeout = "1h"
    /// The time after which a connection is replaced, instead of the venue's own limit.
    var connectionLifetime: Int64?
    var trades = 600
    /// The answer to each request for missing ids, by its number from 0.
    var rest: @Sendable (Int) -> VenueRESTStep = { _ in .answer }
    /// The answer to each request for the newest trade of a stream, by its number from 0.
    var newest: @Sendable (Int) -> VenueRESTStep = { _ in .answer }
    /// Milliseconds by which the venue's clock is off, nil where it shows the time of the recording.
    var clockShift: Int64?
    /// Samples and their least values.
    var counts: [String: Double]

    enum Gate { case first, later }

    /// The number of frames received after the first connection has misbehaved.
    var firstFrames: Double {
        first.reduce(0) { count, step in
            switch step {
            case .frames(let frames?, nil, _): count + Double(frames)
            case .text: count + 1
            default: count
            }
        }
    }

    var testDescription: String { name }

    private static let venue = #"venue="binance-usdm""#
    private static let bitcoin = #"venue="binance-usdm",symbol="BTCUSDT""#
    private static let shutdown = #"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1723161600000}}"#
    private static let otherEvent =
        #"{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","s":"BTCUSDT","b":"1","a":"2","T":1}}"#

    private static func disconnects(_ reason: String) -> String {
        #"pairs_feed_disconnects_total{\#(venue),reason="\#(reason)"}"#
    }

    private static func requests(_ outcome: String) -> String {
        #"pairs_feed_repair_requests_total{\#(venue),outcome="\#(outcome)"}"#
    }

    private static let skipped: [VenueStep] = [.frames(100), .skip(200), .frames()]
    private static let repaired = "pairs_trades_repaired_total{\(bitcoin)}"

    static let all = [
        Misbehaviour(
            name: "acknowledges and stays silent",
            first: [.text(#"{"result":null,"id":1}"#)],
            gate: .later,
            idleTimeout: "3s",
            counts: [disconnects("idle"): 1]
        ),
        Misbehaviour(
            name: "drops the connection",
            first: [.frames(100), .confirm, .drop],
            gate: .later,
            counts: [disconnects("closed"): 1]
        ),
        Misbehaviour(
            name: "stops reading and writing without a close",
            first: [.frames(100), .freeze],
            gate: .later,
            idleTimeout: "3s",
            counts: [disconnects("idle"): 1]
        ),
        Misbehaviour(
            name: "resets the connection in the middle of a frame",
            first: [.frames(100), .confirm, .raw([0x81, 0x7E, 0x01, 0x00, 0x7B]), .reset],
            gate: .later,
            counts: [disconnects("error"): 1, "pairs_feed_connects_total{\(venue)}": 2]
        ),
        Misbehaviour(
            name: "cuts the connection for its age",
            first: [.frames(100), .confirm, .close(code: 1001)],
            gate: .later,
            counts: [disconnects("closed"): 1]
        ),
        Misbehaviour(
            name: "would cut the connection for its age soon",
            first: [.frames(100)],
            gate: nil,
            connectionLifetime: 1_000_000,
            counts: [
                disconnects("lifetime"): 1, "pairs_trades_duplicate_total{\(bitcoin)}": 1,
                "pairs_feed_connects_total{\(venue)}": 2,
            ]
        ),
        Misbehaviour(
            name: "stops a stream among others that flow",
            first: [.frames(100), .mute(["btcusdt@aggTrade"], permanently: true), .frames(perSecond: 10)],
            gate: .later,
            silence: "it does not bring what the venue has",
            idleTimeout: "4s",
            newest: { .without(Int64(100 + 50 * $0)...(.max)) },
            counts: [
                disconnects("dead_stream"): 1, "pairs_feed_resubscribes_total{\(venue)}": 1, repaired: 1,
            ]
        ),
        Misbehaviour(
            name: "sends garbage, other events and a giant frame",
            first: [
                .frames(100), .text("{\u{1}garbage"), .text(otherEvent),
                .binary([UInt8](repeating: 0x20, count: 16 << 20)), .frames(),
            ],
            counts: [
                #"pairs_feed_decode_failures_total{\#(venue),reason="oversized"}"#: 1,
                #"pairs_feed_decode_failures_total{\#(venue),reason="invalid_json"}"#: 1,
            ]
        ),
        Misbehaviour(
            name: "sends ids out of order and twice",
            first: [.frames(100), .reversed(20), .again(10), .frames()],
            counts: ["pairs_trades_duplicate_total{\(bitcoin)}": 5]
        ),
        Misbehaviour(
            name: "skips ids and sends them over REST",
            first: skipped,
            counts: [repaired: 100, "pairs_trades_missing_total{\(bitcoin)}": 100, requests("success"): 1]
        ),
        Misbehaviour(
            name: "skips ids and sends them over REST late",
            first: skipped,
            rest: { $0 < 3 ? .without(0...(.max)) : .answer },
            counts: [repaired: 100, requests("nothing"): 1]
        ),
        Misbehaviour(
            name: "skips ids and sends them over REST in parts",
            first: skipped,
            rest: { $0 < 4 ? .without(70...90) : .answer },
            counts: [repaired: 100, requests("success"): 2]
        ),
        Misbehaviour(
            name: "skips ids and answers 429",
            first: skipped,
            rest: { $0 < 1 ? .refuse(status: 429, headers: ["Retry-After": "1"]) : .answer },
            counts: [repaired: 100, requests("rate_limited"): 1]
        ),
        Misbehaviour(
            name: "skips ids and answers 500",
            first: skipped,
            rest: { $0 < 2 ? .refuse(status: 500) : .answer },
            counts: [repaired: 100, requests("server_error"): 2]
        ),
        Misbehaviour(
            name: "announces that it shuts down",
            first: [.frames(100), .text(shutdown)],
            counts: [disconnects("server_shutdown"): 1, "pairs_feed_connects_total{\(venue)}": 2]
        ),
        Misbehaviour(
            name: "shifts its clock by an hour",
            first: [.frames()],
            clockShift: 3_600_000,
            counts: ["pairs_feed_clock_offset_seconds{\(venue)}": 3540]
        ),
        Misbehaviour(
            name: "floods",
            first: [.frames(perSecond: 20_000)],
            trades: 20_000,
            counts: ["pairs_feed_frames_total{\(venue)}": 20_000]
        ),
    ]
}
