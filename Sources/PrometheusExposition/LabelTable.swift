/// The labels of many series with the same label names, in one piece of memory.
///
/// For series that stay: where each ``LabelSet`` would be fetched from memory of its own and its references counted, a
/// scrape walks through these in order.
/// ```swift
/// let table = LabelTable(["a", "b"].map { ["pair": $0] })
/// writer.family(family) { samples in
///     samples.write(table) { position in values[position] }
/// }
/// ```
public struct LabelTable: Sendable {
    /// The label sets in the order given.
    public let sets: [LabelSet]
    /// ``LabelSet/rendered`` of all sets, one after another.
    let rendered: [UInt8]
    /// Where each of them begins, and the last one ends.
    let bounds: [Int]
    /// Whether all have the same names.
    let isUniform: Bool

    /// Label sets that have the same names in the same order; others make the rendering fail.
    public init(_ sets: [LabelSet]) {
        self.sets = sets
        var rendered: [UInt8] = []
        var bounds = [0]
        bounds.reserveCapacity(sets.count + 1)
        for set in sets {
            rendered += set.rendered
            bounds.append(rendered.count)
        }
        self.rendered = rendered
        self.bounds = bounds
        isUniform = sets.allSatisfy { $0.signature == sets[0].signature }
    }
}
