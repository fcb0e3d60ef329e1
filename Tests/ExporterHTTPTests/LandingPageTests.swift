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
            table: { LandingPage.Table(header: [attack], rows: [[attack]]) }
        )
        let html = page.html(routes: [])
        let escaped = "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;"
        #expect(!html.contains("<script"))
        #expect(html.split(separator: escaped, omittingEmptySubsequences: false).count == 1 + 9)
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
        let html = page.html(routes: [])
        #expect(html.contains(#"<tr><th scope="col">Pair</th><th scope="col">z</th></tr>"#))
        #expect(html.contains("<tr><td>ETH-BTC</td><td>1.5</td></tr>\n<tr><td>SOL-BTC</td><td>−0.2</td></tr>"))
        #expect(
            !LandingPage(name: "demo", version: "1.0", description: "None.").html(routes: []).contains("<table>")
        )
    }
}
