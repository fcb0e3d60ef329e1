/// The labels of many series with the same label names, in one piece of memory.
///
/// For series that stay: with separate ``LabelSet`` values a scrape would load each one from different memory and count
/// its references; here it reads them in order. A table that extends another one shares its text.
/// ```swift
/// let table = LabelTable(["a", "b"].map { ["pair": $0] })
/// let legs = LabelTable(table, followedBy: [["leg": "y"], ["leg": "x"]])
/// writer.family(family) { samples in
///     samples.write(legs) { position in values[position] }
/// }
/// ```
package struct LabelTable: Sendable {
    /// The label sets that ``endings`` follow, or all.
    private let sets: [LabelSet]
    /// ``LabelSet/rendered`` of these, concatenated.
    let rendered: [UInt8]
    /// The beginning of each, and the end of the last one.
    let bounds: [Int]
    /// Labels that follow each set, one after another; empty for none.
    private let endings: [LabelSet]
    /// For each of them, the end of a set's text, which replaces `} `.
    let endingTexts: [[UInt8]]
    /// Bytes of the longest of these.
    let longestEnding: Int
    /// Whether all have the same names.
    let isUniform: Bool

    /// Label sets with the same names in the same order; others make the rendering fail.
    package init(_ sets: [LabelSet]) {
        self.sets = sets
        var rendered: [UInt8] = []
        rendered.reserveCapacity(sets.reduce(0) { $0 + $1.rendered.count })
        var bounds = [0]
        bounds.reserveCapacity(sets.count + 1)
        for set in sets {
            rendered += set.rendered
            bounds.append(rendered.count)
        }
        self.rendered = rendered
        self.bounds = bounds
        endings = []
        endingTexts = []
        longestEnding = 0
        isUniform = sets.allSatisfy { $0.signature == sets[0].signature }
    }

    /// Each set of a table followed by each of these, which are not empty: all of the first set, then all of the next.
    package init(_ table: LabelTable, followedBy endings: [LabelSet]) {
        guard table.endings.isEmpty, table.sets.allSatisfy({ !$0.pairs.isEmpty }) else {
            self.init((0..<table.count).flatMap { position in endings.map { table[position].appending($0) } })
            return
        }
        self.init(sharing: table, endings: endings)
    }

    private init(sharing table: LabelTable, endings: [LabelSet]) {
        sets = table.sets
        rendered = table.rendered
        bounds = table.bounds
        self.endings = endings
        // `{leg="y"} ` after other labels is `,leg="y"} `.
        endingTexts = endings.map { [UInt8(ascii: ",")] + $0.rendered.dropFirst() }
        longestEnding = endingTexts.map(\.count).max() ?? 0
        isUniform = table.isUniform && endings.allSatisfy { $0.signature == endings[0].signature }
    }

    /// The number of label sets.
    package var count: Int { endings.isEmpty ? sets.count : sets.count * endings.count }

    /// The label set at a position.
    package subscript(position: Int) -> LabelSet {
        if endings.isEmpty { return sets[position] }
        let (set, ending) = position.quotientAndRemainder(dividingBy: endings.count)
        return sets[set].appending(endings[ending])
    }

    /// The text of the set at a position: the range of its first part and, where endings follow sets, the index of the
    /// ending.
    @inline(__always)
    func text(at position: Int) -> (start: Range<Int>, ending: Int?) {
        if endingTexts.isEmpty { return (bounds[position]..<bounds[position + 1], nil) }
        let (set, ending) = position.quotientAndRemainder(dividingBy: endingTexts.count)
        return (bounds[set]..<(bounds[set + 1] - 2), ending)
    }
}
