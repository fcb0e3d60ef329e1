extension LandingPage {
    /// A table with links to sort it.
    static func table(_ table: Table, _ view: LandingPageView) -> String {
        let rows = view.rows(of: table).map { row($0, in: table) }
        return """
            <table class="outer">
            \(table.caption.isEmpty ? "" : "<caption>\(escaped(table.caption))</caption>\n")\
            \(columns(of: table))
            <thead><tr>\(table.header.map { title($0, of: table, view) }.joined())</tr></thead>
            \(rows.map { "<tbody>\n\($0)\n</tbody>" }.joined(separator: "\n"))
            </table>
            """
    }

    /// A table that is folded until the visitor opens it.
    private static func folded(_ table: Table) -> String {
        """
        <table>
        \(columns(of: table))
        <thead><tr>\(table.header.map { "<th scope=\"col\"\(style($0))>\(escaped($0.title))</th>" }.joined())</tr></thead>
        <tbody>
        \(table.rows.map { row($0, in: table) }.joined(separator: "\n"))
        </tbody>
        </table>
        """
    }

    /// The widths of the columns, which align the columns of a folded table with those of the table around it.
    private static func columns(of table: Table) -> String {
        let total = table.header.reduce(0) { $0 + $1.width }
        let columns = table.header.map { column in
            // Tenths of a percent suffice.
            "<col style=\"width:\((1000 * column.width / total).rounded() / 10)%\">"
        }
        return "<colgroup>\(columns.joined())</colgroup>"
    }

    private static func title(_ column: Column, of table: Table, _ view: LandingPageView) -> String {
        let title = escaped(column.title)
        guard column.key != nil else { return "<th scope=\"col\"\(style(column))>\(title)</th>" }
        let address = escaped(view.sorted(by: column, in: table).address)
        guard let order = view.order(of: column, in: table) else {
            return "<th scope=\"col\"\(style(column))><a href=\"\(address)\">\(title)</a></th>"
        }
        let arrow = order == .ascending ? "▲" : "▼"
        return "<th scope=\"col\"\(style(column)) aria-sort=\"\(order.rawValue)\"><a href=\"\(address)\">\(title) "
            + "<span aria-hidden=\"true\">\(arrow)</span></a></th>"
    }

    /// The cells of a row, and in a second line everything else.
    private static func row(_ row: Row, in table: Table) -> String {
        let cells = zip(table.header, row.cells).map { cell($1, $0) }.joined()
        let paragraphs = row.notes.map { "<p>\(escaped($0))</p>" }.joined()
        let notes = paragraphs.isEmpty ? "" : "<div class=\"notes\">\(paragraphs)</div>"
        let folds = row.folds.map {
            "<details><summary>\(escaped($0.summary))</summary>\n\(folded($0.table))\n</details>"
        }
        let more = notes + folds.joined()
        guard !more.isEmpty else { return "<tr>\(cells)</tr>" }
        return """
            <tr>\(cells)</tr>
            <tr class="more"><td colspan="\(table.header.count)">\(more)</td></tr>
            """
    }

    private static func cell(_ cell: Cell, _ column: Column) -> String {
        var text = escaped(cell.text)
        if let tone = cell.tone { text = "<span class=\"\(tone.rawValue)\">\(text)</span>" }
        if let address = cell.address { text = "<a href=\"\(escaped(relative(address)))\">\(text)</a>" }
        if !cell.detail.isEmpty { text += " <small>\(escaped(cell.detail))</small>" }
        let label = column.label.map { " data-label=\"\(escaped($0))\"" } ?? ""
        return column.kind == .heading
            ? "<th scope=\"row\"\(label)>\(text)</th>" : "<td\(style(column))\(label)>\(text)</td>"
    }

    private static func style(_ column: Column) -> String {
        let classes = [(column.kind == .number, "number"), (column.width >= 2, "wide")].filter(\.0).map(\.1)
        return classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
    }
}
