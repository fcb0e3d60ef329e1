package import TradeFeeds

/// Why a row of a file cannot be used: the value found, and how to correct it.
package struct RowFault: Error, Hashable, Sendable {
    /// The kind of fault, for counts.
    package enum Reason: String, Sendable, CaseIterable {
        /// The number of cells differs from the header's, or a quote does not end.
        case cells
        /// Bytes that are not text.
        case text
        /// The line is too long.
        case length
        /// Not JSON, or not the JSON of a trade.
        case json
        /// Not a time of the years 2005 to 2100.
        case time
        /// Not a price above zero.
        case price
        /// Not a quantity of zero or more.
        case quantity
        /// More digits than fit.
        case digits
        /// Neither buy nor sell.
        case side
        /// Not an id that a database can store.
        case id
        /// Not a valid symbol, venue, timeframe or state.
        case name
        /// Prices that contradict each other.
        case bar
        /// A time that is not the open time of a bar of this length.
        case grid
        /// The time of an earlier row, with other values.
        case repeated

        /// Whether the row could be split, and the fault is in one of its cells.
        var isOfCell: Bool {
            switch self {
            case .cells, .text, .length, .json: false
            case .time, .price, .quantity, .digits, .side, .id, .name, .bar, .grid, .repeated: true
            }
        }
    }

    package var reason: Reason
    /// One sentence with the value found and how to correct it.
    package var problem: String
    /// The same fault as a failure of decoding, for its counter.
    package var failure: DecodeFailure

    package init(_ reason: Reason, _ problem: String, failure: DecodeFailure? = nil) {
        self.reason = reason
        self.problem = problem
        self.failure = failure ?? reason.failure
    }

    /// The fault of a cell with an invalid value.
    /// - Parameters:
    ///   - column: the column's name.
    ///   - found: the text of the cell.
    ///   - right: the valid form.
    package init(_ reason: Reason, column: String, found: String, right: String, failure: DecodeFailure? = nil) {
        let found = found.isEmpty ? "empty" : "\"\(Self.excerpt(found))\""
        self.init(reason, "\(column) is \(found); it must be \(right)", failure: failure)
    }

    /// The form of a valid id, for messages.
    static let idRule =
        "a whole number from 0 to 17592186044415; without a column of ids the rows are numbered in their order"
    /// The form of a valid venue, for messages.
    static let venueRule =
        "lower-case letters, digits and hyphens, such as binance-spot; or state it with --venue"
    /// The form of a valid symbol or other name, for messages.
    static let nameRule = "letters, digits and signs in UTF-8, without blanks"

    /// The beginning of a text, without control characters.
    package static func excerpt(_ text: String) -> String {
        let shown = text.prefix(longestExcerpt)
        return String(shown).printable + (shown.endIndex < text.endIndex ? "…" : "")
    }

    private static let longestExcerpt = 40
}

extension RowFault.Reason {
    /// The corresponding failure of decoding.
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
    /// The fault of a cell with an invalid value.
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

/// The rows of a file that cannot be used: their number by reason, and the first of them.
package struct RefusedRows: Hashable, Sendable {
    /// One such row.
    package struct Row: Hashable, Sendable {
        /// The number of its line, from 1.
        package var line: Int
        /// One sentence with the value found and how to correct it.
        package var problem: String
    }

    /// The number of rows by reason.
    package private(set) var counts: [String: Int] = [:]
    /// The first rows, at most ``kept``.
    package private(set) var first: [Row] = []

    /// The greatest number of rows in ``first``.
    package static let kept = 20

    /// No rows.
    package init() {}

    /// The number of rows.
    package var count: Int { counts.values.reduce(0, +) }

    package mutating func add(_ fault: RowFault, line: Int) {
        counts[fault.reason.rawValue, default: 0] += 1
        if first.count < Self.kept { first.append(Row(line: line, problem: fault.problem)) }
    }
}
