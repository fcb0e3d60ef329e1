/// Why a row of a file gives nothing: what was found, and what would be right.
package struct RowFault: Error, Hashable, Sendable {
    /// The kind of fault, by which faults are counted.
    package enum Reason: String, Sendable, CaseIterable {
        /// Another number of cells than the header, or a quote that does not end.
        case cells
        /// Bytes that are no text.
        case text
        /// Longer than any row.
        case length
        /// Not JSON, or not the JSON of a trade.
        case json
        /// No time, or none of the years 2005 to 2100.
        case time
        /// No price above zero.
        case price
        /// No quantity of at least zero.
        case quantity
        /// More digits than fit.
        case digits
        /// Neither buy nor sell.
        case side
        /// No id that a database can hold.
        case id
        /// No symbol, venue, timeframe or state where the file has a column for it, or needs one.
        case name
        /// Prices that contradict each other.
        case bar
        /// A time at which no bar of this length opens.
        case grid
        /// A time that an earlier row has, with other values.
        case repeated

        /// Whether the row could be split, and one of its cells is at fault.
        var isOfCell: Bool {
            switch self {
            case .cells, .text, .length, .json: false
            case .time, .price, .quantity, .digits, .side, .id, .name, .bar, .grid, .repeated: true
            }
        }
    }

    package var reason: Reason
    /// One sentence: what was found and what would be right.
    package var problem: String
    /// The same for those who count failures of decoding.
    package var failure: DecodeFailure

    package init(_ reason: Reason, _ problem: String, failure: DecodeFailure? = nil) {
        self.reason = reason
        self.problem = problem
        self.failure = failure ?? reason.failure
    }

    /// A cell that holds something else than it must.
    /// - Parameters:
    ///   - column: the column's name.
    ///   - found: the cell.
    ///   - right: what the cell must be.
    package init(_ reason: Reason, column: String, found: String, right: String, failure: DecodeFailure? = nil) {
        let found = found.isEmpty ? "empty" : "\"\(Self.excerpt(found))\""
        self.init(reason, "\(column) is \(found); it must be \(right)", failure: failure)
    }

    /// What an id must be, for messages.
    static let idRule =
        "a whole number from 0 to 17592186044415; without a column of ids the rows are numbered in their order"
    /// What a venue must be, for messages.
    static let venueRule =
        "lower-case letters, digits and hyphens, such as binance-spot; or say it with --venue"
    /// What a symbol or another name must be, for messages.
    static let nameRule = "letters, digits and signs in UTF-8, without blanks"

    /// The beginning of a text, without what would disturb a terminal.
    package static func excerpt(_ text: String) -> String {
        let shown = text.prefix(longestExcerpt)
        return String(shown).printable + (shown.endIndex < text.endIndex ? "…" : "")
    }

    private static let longestExcerpt = 40
}

extension RowFault.Reason {
    /// What counts failures of decoding calls it.
    fileprivate var failure: DecodeFailure {
        switch self {
        case .cells, .name: .missingField
        case .text: .invalidUTF8
        case .length: .oversized
        case .json: .invalidJSON
        case .time: .malformedTime
        case .price, .quantity, .digits: .malformedDecimal
        case .side, .bar, .grid, .repeated: .wrongType
        case .id: .numberOutOfRange
        }
    }
}

extension TableHeader {
    /// A cell of a row that holds something else than it must.
    func fault(
        _ reason: RowFault.Reason,
        _ column: Int,
        _ cells: [Range<Int>],
        _ line: RawSpan,
        _ right: String
    ) -> RowFault {
        RowFault(
            reason,
            column: columns[column].name,
            found: FieldSplitter.text(line, cells[column]),
            right: right
        )
    }
}

/// The rows of a file that cannot be used: how many by reason, and the first of them.
package struct RefusedRows: Hashable, Sendable {
    /// One of them.
    package struct Row: Hashable, Sendable {
        /// Its line, from 1.
        package var line: Int
        /// One sentence: what was found and what would be right.
        package var problem: String
    }

    /// How many, by reason.
    package private(set) var counts: [String: Int] = [:]
    /// The first of them, at most ``kept``.
    package private(set) var first: [Row] = []

    /// How many rows are kept.
    package static let kept = 20

    /// None.
    package init() {}

    /// How many there are.
    package var count: Int { counts.values.reduce(0, +) }

    package mutating func add(_ fault: RowFault, line: Int) {
        counts[fault.reason.rawValue, default: 0] += 1
        if first.count < Self.kept { first.append(Row(line: line, problem: fault.problem)) }
    }
}
