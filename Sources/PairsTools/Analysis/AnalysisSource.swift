import MarketData

/// What a diagnostic is made from: the rows of a file or the bars of a database.
struct AnalysisSource: Sendable {
    /// Where the rows come from.
    enum Origin: Sendable {
        /// A file, as it was named.
        case file(String)
        /// The bars of a database.
        case database(String, Timeframe)
    }

    /// Why a row is left out.
    enum LeftOut: String, Sendable, CaseIterable {
        /// A cell that is needed is blank, or states that it has no number.
        case blank
        /// The row is the same as another one.
        case repeated
        /// The time has a price of one leg alone.
        case oneLeg = "one_leg"
        /// The row is of a symbol that is not analysed.
        case otherSymbol = "other_symbol"
        /// The bar precedes a gap that is too long for one window over both sides of it.
        case beforeGap = "before_hole"

        /// The name of such rows in the text.
        var words: String {
            switch self {
            case .blank: "with a blank or NaN cell"
            case .repeated: "that repeat another row"
            case .oneLeg: "with one leg alone"
            case .otherSymbol: "of other symbols"
            case .beforeGap: "before a gap that is too long"
            }
        }
    }

    /// Where the rows come from.
    var origin: Origin
    /// The analysed series, each with its role and its name.
    var series: [(role: String, name: String)]
    /// The column of all prices in a table in long format.
    var priceColumn: String?
    /// What the rows are ordered by; nil where no column is a time.
    var order: RowOrder?
    /// Rows that were read.
    var rowsRead: Int
    /// The number of rows that are left out, by reason.
    var leftOut: [LeftOut: Int] = [:]
    /// The number of observations: in a table in long format, the rows of two legs are one; in a database, each slot is
    /// one.
    var usableRows = 0

    /// The name of a row.
    var unit: String {
        switch origin {
        case .file: "row"
        case .database: "bar"
        }
    }

    /// The usual distance of two rows in time, where it is known.
    var stepText: String? {
        switch origin {
        case .database(_, let timeframe): timeframe.label
        case .file: order.flatMap { order in order.timeStep.map { order.stepText(Double($0)) } }
        }
    }

    /// How many rows were left out and why, as phrases.
    var leftOutWords: [String] {
        LeftOut.allCases.compactMap { reason in
            leftOut[reason].flatMap { $0 > 0 ? "\($0) left out \(reason.words)" : nil }
        }
    }

    /// The name of the series with a role; the role itself where there is no such series.
    func name(_ role: String) -> String {
        series.first { $0.role == role }?.name ?? role
    }
}
