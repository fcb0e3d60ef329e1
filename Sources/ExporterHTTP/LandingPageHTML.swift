extension LandingPage {
    /// The whole document, with these links before those of the page.
    func html(routes: [Link], readiness: Readiness) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Self.escaped(name))</title>
        <link rel="icon" href="data:,">
        <style>\(Self.style)</style>
        </head>
        <body>
        <header><h1>\(Self.escaped(name))</h1></header>
        <main>
        <p>\(Self.escaped(description))</p>
        <p>Version: \(Self.escaped(version))</p>
        \(Self.health(readiness))
        <ul>
        \((routes + links).map(Self.item).joined(separator: "\n"))
        </ul>
        \(table().map(Self.table) ?? "")
        </main>
        </body>
        </html>

        """
    }

    private static let style = """
        body{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;margin:0}\
        header{background-color:#e6522c;color:#fff;font-size:1rem;padding:1rem}\
        h1{margin:0}\
        main{padding:1rem;overflow-x:auto}\
        .ready{color:#1a7f37}\
        .missing{color:#b42318}\
        table{border-collapse:collapse}\
        th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}\
        td:not(:last-child){white-space:nowrap}\
        td:last-child{min-width:30rem}\
        th{background-color:#f4f4f4}
        """

    private static func item(_ link: Link) -> String {
        let anchor = "<a href=\"\(escaped(link.address))\">\(escaped(link.text))</a>"
        return "<li>\(anchor)\(link.description.isEmpty ? "" : ": " + escaped(link.description))</li>"
    }

    private static func health(_ readiness: Readiness) -> String {
        switch readiness {
        case .ready: return "<p>Health: <strong class=\"ready\">ready</strong></p>"
        case .notReady(let reasons):
            let items = reasons.map { "<li>\(escaped($0))</li>" }.joined()
            return "<p>Health: <strong class=\"missing\">not ready</strong></p><ul>\(items)</ul>"
        }
    }

    private static func cell(_ cell: Cell) -> String {
        let text = escaped(cell.text)
        return cell.address.map { "<a href=\"\(escaped($0))\">\(text)</a>" } ?? text
    }

    private static func table(_ table: Table) -> String {
        let header = table.header.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
        let rows = table.rows.map { row in "<tr>\(row.map { "<td>\(cell($0))</td>" }.joined())</tr>" }
        return """
            <table>
            <thead><tr>\(header)</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    /// Text as it may stand in an element or in a quoted attribute.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
