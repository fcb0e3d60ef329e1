import ExporterHTTP
import MarketData
import PairEngine

/// Decides whether the exporter is ready: the past of the windows is loaded, and a window is warm.
///
/// ``FlowCheck`` decides whether data arrives. Where no window can fill, because each pair has a leg without data, the
/// exporter is ready after ``patience``: its result is then that there is no data.
struct ReadinessCheck: Sendable {
    /// How long after the start of a session a window that cannot fill keeps the exporter unready.
    static let patience = Duration.seconds(10)

    let configuration: Configuration
    let streams: StreamTable
    let history: HistoryProgress
    let latestSnapshot: LatestSnapshot

    /// Ready, or what is missing.
    var readiness: Readiness {
        let pending = history.pendingFeeds.map { index in
            "feed \(configuration.feeds[index].venue): the past of its windows is being fetched"
        }
        if !pending.isEmpty { return .notReady(reasons: pending) }
        let snapshot = latestSnapshot.value
        guard let fullest = fullestColdWindow(of: snapshot) else { return .ready }
        if ContinuousClock.now - history.start > Self.patience, !canFill(snapshot) { return .ready }
        let percent = Int(exactly: (fullest * 100).rounded(.down)) ?? 0
        return .notReady(
            reasons: ["no pair has a reading: warming up; the fullest window has \(percent) % of its bars"]
        )
    }

    /// How far the fullest window has filled, nil where one is warm or there is none.
    private func fullestColdWindow(of snapshot: MarketSnapshot) -> Double? {
        let readings = snapshot.readings
        var fullest = 0.0
        for index in readings.indices {
            if readings[index].fit.reason != .warmingUp { return nil }
            fullest = max(fullest, readings[index].fillRatio)
        }
        return readings.isEmpty ? nil : fullest
    }

    /// Whether there is a pair of which both legs have data.
    private func canFill(_ snapshot: MarketSnapshot) -> Bool {
        configuration.pairs.contains { pair in
            [pair.y, pair.x].allSatisfy { leg in
                streams.id(of: leg).flatMap { snapshot.instruments[$0]?.isUp } ?? false
            }
        }
    }
}
