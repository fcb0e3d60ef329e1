import MarketData
import PairEngine
import PairStatistics
import PrometheusExposition
import RealModule

/// What the rows of ``PairMetrics/table`` read at one scrape.
struct PairScrape {
    let pairs: [PairDescription]
    let labels: PairLabels
    let snapshot: PairsSnapshot
    /// For each reading, whether every family of it is exposed and it is not stale.
    let isCurrent: [Bool]
    /// The labels with the sentences about each reading.
    let interpretations: LatestLabels<Interpretation>

    var readings: PairReadings { snapshot.readings }

    /// The last price of both legs against the last closed fit.
    func liveZScore(_ index: Int) -> Double? {
        let pair = readings[index].pair
        guard let fit = readings[index].fit.value, let y = snapshot.legs[pair].y.lastPrice,
            let x = snapshot.legs[pair].x.lastPrice
        else { return nil }
        return switch pairs[pair].price {
        case .log: try? fit.forecastZScore(x: .log(x), y: .log(y))
        case .level: try? fit.forecastZScore(x: x, y: y)
        }
    }

    /// The labels with the sentences about a reading.
    func interpretation(_ index: Int) -> LabelSet {
        let words = Interpretation(
            readings[index],
            thresholds: pairs[readings[index].pair].signals,
            isStale: snapshot.isStale[index]
        )
        return interpretations.labels(at: index, content: words) {
            PairMetrics.interpretationLabels(words, own: labels.own[index])
        }
    }
}
