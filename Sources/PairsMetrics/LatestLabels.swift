import PrometheusExposition
import Synchronization

/// The label sets of series whose content is in their labels and seldom changes: the latest set of each series is kept.
final class LatestLabels<Content: Equatable & Sendable>: Sendable {
    private struct Entry {
        let content: Content
        let labels: LabelSet
    }

    private let entries: Mutex<[Entry?]>

    /// - Parameter count: how many series there are.
    init(count: Int) {
        entries = Mutex(Array(repeating: nil, count: count))
    }

    /// The labels of a series.
    /// - Parameters:
    ///   - position: the number of the series, from 0.
    ///   - content: the present content.
    ///   - make: the labels with this content.
    func labels(at position: Int, content: Content, _ make: () -> LabelSet) -> LabelSet {
        entries.withLock { entries in
            if let entry = entries[position], entry.content == content { return entry.labels }
            let labels = make()
            entries[position] = Entry(content: content, labels: labels)
            return labels
        }
    }
}
