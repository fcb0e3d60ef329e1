extension String {
    /// The candidate that differs from this text by the fewest letters, if it is close enough to be a slip.
    func nearest(in candidates: [String]) -> String? {
        let scored = candidates.map { (name: $0, distance: editDistance(to: $0)) }
        guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= max(2, count / 3) else {
            return nil
        }
        return best.name
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
