/// One table of the report: lines of figures, a column for each market.
struct Table: Codable {
    /// The row of the requirements that it concerns.
    var row = ""
    let title: String
    /// The definition of the figures, where the title is not enough.
    var note = ""
    var figures: [Figure] = []

    init(_ title: String, note: String = "") {
        self.title = title
        self.note = note
    }

    /// A figure with its standard error and what is required of it.
    struct Figure: Codable {
        let line: String
        let column: String
        let value: Double
        let error: Double
        /// Digits after the point.
        let digits: Int
        let least: Double?
        let most: Double?
    }

    /// What is required of a figure, in its unit.
    enum Requirement {
        case atLeast(Double)
        case atMost(Double)
        case within(ClosedRange<Double>)
        case none
    }

    /// Adds a figure; one that could not be estimated is left out.
    mutating func add(
        _ line: String,
        _ column: String,
        _ estimate: Estimate,
        times scale: Double = 1,
        digits: Int,
        _ requirement: Requirement = .none
    ) {
        guard estimate.value.isFinite, estimate.error.isFinite else { return }
        let (least, most): (Double?, Double?) =
            switch requirement {
            case .atLeast(let bound): (bound, nil)
            case .atMost(let bound): (nil, bound)
            case .within(let range): (range.lowerBound, range.upperBound)
            case .none: (nil, nil)
            }
        figures.append(
            Figure(
                line: line,
                column: column,
                value: estimate.value * scale,
                error: estimate.error * scale,
                digits: digits,
                least: least,
                most: most
            )
        )
    }

    /// Adds a share in per cent.
    mutating func addPercent(
        _ line: String,
        _ column: String,
        _ estimate: Estimate,
        digits: Int = 1,
        _ requirement: Requirement = .none
    ) {
        add(line, column, estimate, times: 100, digits: digits, requirement)
    }
}
