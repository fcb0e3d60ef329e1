import Testing

@testable import ExporterHTTP

@Suite struct LandingPageTests {
    @Test("text that looks like HTML stays text, wherever it stands")
    func escaping() {
        let attack = #"<script>alert("x" & 'y')</script>"#
        let page = LandingPage(
            name: attack,
            version: attack,
            description: attack,
            links: [LandingPage.Link(attack, address: attack, description: attack)],
            table: { LandingPage.Table(header: [attack], rows: [[LandingPage.Cell(attack, address: attack)]]) }
        )
        let html = page.html(routes: [], readiness: .ready)
        let escaped = "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;"
        #expect(!html.contains("<script"))
        #expect(html.split(separator: escaped, omittingEmptySubsequences: false).count == 1 + 10)
        #expect(html.contains("<a href=\"\(escaped)\">"))
    }

    @Test("the table has one row per row, and no table is there without one")
    func table() {
        let page = LandingPage(
            name: "demo",
            version: "1.0",
            description: "A demonstration.",
            table: { LandingPage.Table(header: ["Pair", "z"], rows: [["ETH-BTC", "1.5"], ["SOL-BTC", "−0.2"]]) }
        )
        let html = page.html(routes: [], readiness: .ready)
        #expect(html.contains(#"<tr><th scope="col">Pair</th><th scope="col">z</th></tr>"#))
        #expect(html.contains("<tr><td>ETH-BTC</td><td>1.5</td></tr>\n<tr><td>SOL-BTC</td><td>−0.2</td></tr>"))
        #expect(
            !LandingPage(name: "demo", version: "1.0", description: "None.")
                .html(routes: [], readiness: .ready).contains("<table>")
        )
    }

    @Test("what is missing for readiness is told, and a cell may lead somewhere")
    func health() {
        let page = LandingPage(
            name: "demo",
            version: "1.0",
            description: "A demonstration.",
            table: {
                LandingPage.Table(header: ["Pair"], rows: [[LandingPage.Cell("a", address: "/probe?pair=a&b=c")]])
            }
        )
        let cold = page.html(routes: [], readiness: .notReady(reasons: ["feed <x> is silent"]))
        #expect(cold.contains(">not ready</strong></p><ul><li>feed &lt;x&gt; is silent</li></ul>"))
        #expect(cold.contains(#"<td><a href="/probe?pair=a&amp;b=c">a</a></td>"#))
        #expect(page.html(routes: [], readiness: .ready).contains(">ready</strong>"))
    }
}
