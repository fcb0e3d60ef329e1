extension String {
    /// Letters that a name may have to be compared with others: a longer text is not a typing mistake.
    private static var comparableLength: Int { 100 }
    /// Pairs of letters that are compared for one hint at most, some milliseconds of work.
    private static var comparisons: Int { 500_000 }

    /// The candidate that differs from this text by the fewest letters, if it is close enough to be a typing mistake.
    ///
    /// The work is bounded, because the text may come from any client: long texts have no near candidate, and of very
    /// many candidates the last ones are not compared.
    /// - Parameter limit: how many letters may differ; nil for a third of the text, but at least 2.
    package func nearest(in candidates: [String], within limit: Int? = nil) -> String? {
        // A letter has at most about 25 bytes; the number of bytes is checked first, because counting letters is slow.
        guard utf8.count <= 25 * Self.comparableLength, count <= Self.comparableLength else { return nil }
        let letters = Array(self)
        var most = limit ?? max(2, letters.count / 3)
        var best: String?
        var left = Self.comparisons
        for candidate in candidates where left > 0 && most >= 0 {
            let other = Array(candidate.prefix(letters.count + most + 1))
            left -= max(1, letters.count * other.count)
            guard let distance = letters.editDistance(to: other, within: most) else { continue }
            best = candidate
            // Only a nearer one replaces it.
            most = distance - 1
        }
        return best
    }

    /// Items in the order of their distance to this text, without regard to case; those of one distance keep their
    /// order.
    package func nearestFirst<Item: CustomStringConvertible>(_ items: [Item]) -> [Item] {
        let text = Array(lowercased())
        return items.enumerated().map { position, item in
            let distance = text.editDistance(to: Array(item.description.lowercased()), within: .max) ?? .max
            return (item: item, distance: distance, position: position)
        }.sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }.map(\.item)
    }
}

extension [Character] {
    /// Levenshtein's distance (1966): letters to insert, delete or replace; nil where it is above a limit.
    fileprivate func editDistance(to target: [Character], within limit: Int) -> Int? {
        guard abs(count - target.count) <= limit else { return nil }
        var row = Array<Int>(0...target.count)
        for (line, letter) in enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            var least = row[0]
            for column in target.indices {
                let replaced = diagonal + (letter == target[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, row[column] + 1, row[column + 1] + 1)
                least = Swift.min(least, row[column + 1])
            }
            if least > limit { return nil }
        }
        return row[target.count] <= limit ? row[target.count] : nil
    }
}
