extension String {
    /// The candidate that differs from this text by the fewest letters, if it is close enough to be a slip.
    /// - Parameter limit: how many letters may differ; a third of the text, but at least 2, where nothing is said.
    func nearest(in candidates: [String], within limit: Int? = nil) -> String? {
        let scored = candidates.map { (name: $0, distance: editDistance(to: $0)) }
        guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= limit ?? max(2, count / 3)
        else {
            return nil
        }
        return best.name
    }

    /// Items in the order of their distance to this text, without regard to case; those of one distance keep their order.
    func nearestFirst<Item: CustomStringConvertible>(_ items: [Item]) -> [Item] {
        let text = lowercased()
        return items.enumerated().map { position, item in
            (item: item, distance: text.editDistance(to: item.description.lowercased()), position: position)
        }.sorted { ($0.distance, $0.position) < ($1.distance, $1.position) }.map(\.item)
    }

    /// Levenshtein's distance (1966): letters to insert, delete or replace.
    private func editDistance(to other: String) -> Int {
        let target = Array(other)
        var row = Array(0...target.count)
        for (line, letter) in enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for column in target.indices {
                let replaced = diagonal + (letter == target[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[target.count]
    }
}
