import Foundation

extension LandingPage {
    /// The complete document.
    /// - Parameters:
    ///   - routes: links before those of the page.
    ///   - table: the result of ``table``.
    ///   - view: the order and refresh that the visitor chose.
    ///   - time: when the page is made.
    func html(
        routes: [Link],
        readiness: Readiness,
        table: Table?,
        view: LandingPageView = LandingPageView(),
        time: Date = .now
    ) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        \(view.refresh.map { "<meta http-equiv=\"refresh\" content=\"\($0)\">\n" } ?? "")\
        <title>\(Self.escaped(name))</title>
        <link rel="icon" href="data:,">
        <style>\(Self.style)</style>
        </head>
        <body>
        <header>
        <h1>\(Self.escaped(name))</h1>
        <p>Version \(Self.escaped(version))</p>
        </header>
        <main>
        <p>\(Self.escaped(description))</p>
        <nav aria-label="Pages">
        <ul>
        \((routes + links).map(Self.item).joined(separator: "\n"))
        </ul>
        </nav>
        \(Self.health(readiness))
        <p>\(Self.made(time)) \(Self.refresh(view))</p>
        \(table.map { Self.table($0, view) } ?? "")
        </main>
        </body>
        </html>

        """
    }

    private static func item(_ link: Link) -> String {
        let anchor = "<a href=\"\(escaped(relative(link.address)))\">\(escaped(link.text))</a>"
        return "<li>\(anchor)\(link.description.isEmpty ? "" : " <small>\(escaped(link.description))</small>")</li>"
    }

    private static func health(_ readiness: Readiness) -> String {
        switch readiness {
        case .ready: return "<p>Health: <strong class=\"ready\">ready</strong></p>"
        case .notReady(let reasons):
            let items = reasons.map { "<li>\(escaped($0))</li>" }.joined()
            return "<p>Health: <strong class=\"missing\">not ready</strong></p><ul>\(items)</ul>"
        }
    }

    private static func made(_ time: Date) -> String {
        let text = time.formatted(.iso8601)
        return "Page made at <time datetime=\"\(text)\">\(text)</time>."
    }

    /// The choice of a refresh, which the browser repeats without a script.
    private static func refresh(_ view: LandingPageView) -> String {
        var seconds = LandingPageView.offeredRefreshSeconds
        if let chosen = view.refresh, !seconds.contains(chosen) { seconds.append(chosen) }
        let choices = [nil] + seconds.sorted()
        let items = choices.map { seconds in
            let text = seconds.map { "every \($0) s" } ?? "off"
            if seconds == view.refresh { return "<strong aria-current=\"true\">\(text)</strong>" }
            return "<a href=\"\(escaped(view.refreshed(every: seconds).address))\">\(text)</a>"
        }
        return "<span class=\"choice\">Refresh: \(items.joined(separator: " "))</span>"
    }

    /// An address as the page links to it: a path of this server relative to the page, so that it is valid with any
    /// prefix.
    static func relative(_ address: String) -> String {
        guard address.hasPrefix("/"), !address.hasPrefix("//") else { return address }
        return address.count > 1 ? String(address.dropFirst()) : "./"
    }

    /// Text escaped for an element or a quoted attribute.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { #"&<>"'"#.utf8.contains($0) }) else { return text }
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
