/// One element of an `Accept` header, as a preference for an exposition format.
struct MediaRange {
    let quality: Double
    /// Position in the header, from 0.
    let position: Int
    /// 0 for `*/*`, 1 for `text/*`, 2 for a type, 3 for a type with the parameters that select a version.
    let specificity: Int
    /// The requested escaping scheme; unknown ones count as none.
    let escaping: ExpositionFormat.Escaping

    private let type: String
    private let version: String?
    private let isDelimitedMetricFamily: Bool

    init(_ element: WeightedList.Element, position: Int) {
        self.position = position
        quality = element.quality
        type = element.value
        version = element.parameter("version")
        escaping = element.parameter("escaping").flatMap(ExpositionFormat.Escaping.init) ?? .underscores
        isDelimitedMetricFamily =
            element.parameter("proto") == "io.prometheus.client.MetricFamily"
            && element.parameter("encoding") == "delimited"
        specificity =
            switch type {
            case "*/*": 0
            case "text/*", "application/*": 1
            default: version == nil && !isDelimitedMetricFamily ? 2 : 3
            }
    }

    func matches(_ encoding: ExpositionFormat.Encoding) -> Bool {
        switch (encoding, type) {
        case (_, "*/*"), (.text, "text/*"), (.openMetrics, "application/*"): true
        case (.text, "text/plain"): version == nil || version == "0.0.4"
        case (.textUTF8, "text/plain"): version == "1.0.0"
        case (.protobuf, "application/vnd.google.protobuf"): isDelimitedMetricFamily
        case (.openMetrics, "application/openmetrics-text"): version == nil || version == "1.0.0"
        default: false
        }
    }
}
