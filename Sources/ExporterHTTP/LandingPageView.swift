/// The order and refresh that a visitor chose: `/?sort=z&order=ascending&refresh=10`.
struct LandingPageView: Sendable, Hashable {
    /// The seconds between two refreshes that a visitor may choose.
    static let refreshSeconds = 5...3600
    /// Those that the page offers.
    static let offeredRefreshSeconds = [10, 60]

    /// The key of the column to sort by; nil for the order of the table.
    var sort: String?
    /// The order; nil for that of the column.
    var order: LandingPage.SortOrder?
    /// The seconds until the browser loads the page again; nil for never.
    var refresh: Int?

    /// The page without a choice.
    init() {}

    /// Reads a query for a table with these columns.
    /// - Throws: ``EndpointError`` with status 400 and what would be right, so that a misspelt link does not show
    ///   another order than it names.
    init(_ query: QueryString, columns: [LandingPage.Column]) throws(EndpointError) {
        try self.init(query)
        try check(columns: columns)
    }

    /// Reads a query; ``check(columns:)`` checks whether the table has such a column.
    init(_ query: QueryString) throws(EndpointError) {
        let request = EndpointRequest(query: query.parameters)
        sort = try request.value("sort")
        if let word = try request.value("order") {
            order = LandingPage.SortOrder(rawValue: word)
            if order == nil { throw Self.refusal("order", word, LandingPage.SortOrder.allCases.map(\.rawValue)) }
        }
        if let word = try request.value("refresh") {
            guard let seconds = Int(word), Self.refreshSeconds.contains(seconds) else {
                let (least, most) = (Self.refreshSeconds.lowerBound, Self.refreshSeconds.upperBound)
                throw .badRequest("parameter refresh is \"\(word)\"; use whole seconds from \(least) to \(most)")
            }
            refresh = seconds
        }
    }

    /// Checks that the table can be sorted as requested.
    func check(columns: [LandingPage.Column]) throws(EndpointError) {
        guard let sort else { return }
        let keys = columns.compactMap(\.key)
        guard keys.contains(sort) else { throw Self.refusal("sort", sort, keys) }
    }

    private static func refusal(_ name: String, _ found: String, _ choices: [String]) -> EndpointError {
        let right = choices.isEmpty ? "there is nothing to sort" : "use one of \(choices.joined(separator: ", "))"
        return .badRequest("parameter \(name) is \"\(found.prefix(100))\"; \(right)")
    }

    /// The address of the page in this view.
    var address: String {
        let parameters = [
            sort.map { "sort=\($0)" }, order.map { "order=\($0.rawValue)" }, refresh.map { "refresh=\($0)" },
        ].compactMap { $0 }
        // Relative, so that it is valid with any prefix.
        return parameters.isEmpty ? "./" : "?" + parameters.joined(separator: "&")
    }

    /// The same view with another refresh.
    func refreshed(every seconds: Int?) -> LandingPageView {
        var view = self
        view.refresh = seconds
        return view
    }

    /// The same view sorted by a column: in its own order, or in the other one if it sorts already.
    func sorted(by column: LandingPage.Column, in table: LandingPage.Table) -> LandingPageView {
        var view = self
        view.sort = column.key == table.sort ? nil : column.key
        view.order = nil
        if let present = order(of: column, in: table), present == column.order {
            view.order = present == .ascending ? .descending : .ascending
        }
        return view
    }

    /// The order in which a column sorts the table; nil where another column does.
    func order(of column: LandingPage.Column, in table: LandingPage.Table) -> LandingPage.SortOrder? {
        guard let key = column.key, key == sort ?? table.sort else { return nil }
        return order ?? column.order
    }

    /// The rows of a table in the order of this view.
    func rows(of table: LandingPage.Table) -> [LandingPage.Row] {
        for (position, column) in table.header.enumerated() {
            guard let order = order(of: column, in: table) else { continue }
            let sign: Double = order == .ascending ? 1 : -1
            let keyed = table.rows.enumerated().map { offset, row in
                (row: row, rank: row.cells[position].rank.map { $0 * sign } ?? .infinity, offset: offset)
            }
            return keyed.sorted { ($0.rank, $0.offset) < ($1.rank, $1.offset) }.map(\.row)
        }
        return table.rows
    }
}
