import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import ExporterHTTP

@Suite struct LandingPageTests {
    private static let cities = LandingPage.Table(
        caption: "Two cities & a lake.",
        header: [
            .init("City", kind: .heading, key: "city"),
            .init("Degrees", label: "Degrees", kind: .number, key: "degrees"),
            "Weather",
        ],
        rows: [
            .init([.init("Rome", rank: 1), .init("31", rank: 31), "clear"], notes: ["It is hot."]),
            .init([.init("Lake", rank: 0), .init("none", tone: .missing), "unknown"]),
            .init([.init("Oslo", rank: 2), .init("-9", detail: "at night", tone: .warning, rank: -9), "snow"]),
        ]
    )

    private static func page(_ table: LandingPage.Table? = cities, view: LandingPageView = .init()) -> String {
        LandingPage(name: "demo", version: "1.0", description: "A demonstration.").html(
            routes: [],
            readiness: .ready,
            table: table,
            view: view,
            time: Date(timeIntervalSince1970: 1_700_000_000)
        )
    }

    private static func view(_ query: String, _ table: LandingPage.Table = cities) throws(EndpointError)
        -> LandingPageView
    {
        try LandingPageView(QueryString(query), columns: table.header)
    }

    /// The first cells of the rows.
    private static func order(_ query: String, _ table: LandingPage.Table = cities) throws -> [String] {
        try view(query, table).rows(of: table).map { $0.cells[0].text }
    }

    @Test("text that looks like HTML is escaped everywhere")
    func escaping() {
        let attack = #"<script>alert("x" & 'y')</script>"#
        let cell = LandingPage.Cell(attack, address: attack, detail: attack, tone: .alarm)
        let column = LandingPage.Column(attack, label: attack, key: "key")
        let inner = LandingPage.Table(header: [column], rows: [[cell]])
        let page = LandingPage(
            name: attack,
            version: attack,
            description: attack,
            links: [LandingPage.Link(attack, address: attack, description: attack)]
        )
        let html = page.html(
            routes: [],
            readiness: .notReady(reasons: [attack]),
            table: LandingPage.Table(
                caption: attack,
                header: [column],
                rows: [.init([cell], notes: [attack], folds: [.init(attack, table: inner)])]
            )
        )
        let escaped = "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;"
        #expect(!html.contains("<script"))
        // The page 4 times, its link 3, a reason, the caption, both headers, both cells 4 times each, a note, a fold.
        #expect(html.split(separator: escaped, omittingEmptySubsequences: false).count == 1 + 21)
        #expect(html.contains("<a href=\"\(escaped)\">"))
    }

    @Test("the table has one body per row, and a page without a table has none")
    func table() {
        let html = Self.page()
        #expect(html.contains("<caption>Two cities &amp; a lake.</caption>"))
        #expect(html.split(separator: "<tbody>").count == 1 + 3)
        #expect(
            html.contains(#"<tr><th scope="row">Rome</th><td class="number" data-label="Degrees">31</td><td>clear"#)
        )
        #expect(
            html.contains(#"<tr class="more"><td colspan="3"><div class="notes"><p>It is hot.</p></div></td></tr>"#)
        )
        #expect(html.contains(#"<span class="warning">-9</span> <small>at night</small></td>"#))
        #expect(html.contains(#"<th scope="col">Weather</th>"#))
        #expect(!Self.page(nil).contains("<table"))
    }

    @Test("a fold hides its table, whose columns have no links to sort")
    func fold() {
        let inner = LandingPage.Table(header: Self.cities.header, rows: [["Bergen", "12", "rain"]])
        let table = LandingPage.Table(
            header: Self.cities.header,
            rows: [.init(["Oslo", "19", "sun"], folds: [.init("1 more city", table: inner)])]
        )
        let html = Self.page(table)
        #expect(html.contains("<details><summary>1 more city</summary>\n<table>"))
        #expect(html.contains(#"<tr><th scope="row">Bergen</th>"#))
        #expect(html.split(separator: "?sort=degrees").count == 1 + 1)
    }

    @Test("the page lists the reasons for not being ready, and a cell may be a link")
    func health() {
        let page = LandingPage(name: "demo", version: "1.0", description: "A demonstration.")
        let table = LandingPage.Table(header: ["Pair"], rows: [[.init("a", address: "/probe?pair=a&b=c")]])
        let cold = page.html(routes: [], readiness: .notReady(reasons: ["feed <x> is silent"]), table: table)
        #expect(cold.contains(">not ready</strong></p><ul><li>feed &lt;x&gt; is silent</li></ul>"))
        #expect(cold.contains(#"<td><a href="probe?pair=a&amp;b=c">a</a></td>"#))
        #expect(page.html(routes: [], readiness: .ready, table: nil).contains(">ready</strong>"))
    }

    @Test(
        "a visitor sorts by a column in its own order or the other one; a row without a rank is last in both",
        arguments: [
            ("", ["Rome", "Lake", "Oslo"]),
            ("sort=city", ["Lake", "Rome", "Oslo"]),
            ("sort=city&order=descending", ["Oslo", "Rome", "Lake"]),
            ("sort=degrees", ["Rome", "Oslo", "Lake"]),
            ("sort=degrees&order=ascending&unknown=1", ["Oslo", "Rome", "Lake"]),
        ]
    )
    func sorting(query: String, rows: [String]) throws {
        #expect(try Self.order(query) == rows)
    }

    @Test("a table has a default column to sort by")
    func firstSort() throws {
        let table = LandingPage.Table(header: Self.cities.header, rows: Self.cities.rows, sort: "degrees")
        #expect(try Self.order("", table) == ["Rome", "Oslo", "Lake"])
        #expect(try Self.order("order=ascending", table) == ["Oslo", "Rome", "Lake"])
        #expect(Self.page(table).contains(#"aria-sort="descending"><a href="?order=ascending">Degrees"#))
        #expect(try Self.page(table, view: Self.view("sort=city", table)).contains(#"<a href="./">Degrees</a>"#))
    }

    @Test("rows of the same rank stay in their order")
    func ties() throws {
        let rows = (0..<20).map { LandingPage.Row([.init("\($0)", rank: 1), "", ""]) }
        let table = LandingPage.Table(header: Self.cities.header, rows: rows)
        for order in LandingPage.SortOrder.allCases {
            #expect(try Self.order("sort=city&order=\(order.rawValue)", table) == (0..<20).map { "\($0)" })
        }
    }

    @Test("the header shows the order, also to screen readers, and its link reverses it")
    func marks() throws {
        let html = try Self.page(view: Self.view("sort=degrees&refresh=10"))
        #expect(
            html.contains(
                #"<th scope="col" class="number" aria-sort="descending"><a href="?sort=degrees&amp;order=ascending"#
                    + #"&amp;refresh=10">Degrees <span aria-hidden="true">▼</span></a></th>"#
            )
        )
        #expect(html.contains(#"<th scope="col"><a href="?sort=city&amp;refresh=10">City</a></th>"#))
        #expect(html.split(separator: "aria-sort").count == 1 + 1)
        let turned = try Self.page(view: Self.view("sort=degrees&order=ascending"))
        #expect(turned.contains(#"aria-sort="ascending"><a href="?sort=degrees">Degrees <span"#))
        #expect(turned.contains("▲"))
    }

    @Test("the browser refreshes on demand only, and keeps the order")
    func refresh() throws {
        let still = try Self.page(view: Self.view("sort=city&order=descending"))
        #expect(!still.contains("http-equiv"))
        #expect(still.contains(#"<strong aria-current="true">off</strong>"#))
        #expect(still.contains(#"<a href="?sort=city&amp;order=descending&amp;refresh=10">every 10 s</a>"#))
        let live = try Self.page(view: Self.view("sort=city&refresh=30"))
        #expect(live.contains(#"<meta http-equiv="refresh" content="30">"#))
        #expect(live.contains(#"<a href="?sort=city">off</a>"#))
        #expect(live.contains(#"<strong aria-current="true">every 30 s</strong>"#))
    }

    @Test("the page shows when it was made")
    func time() {
        #expect(Self.page().contains(#"<time datetime="2023-11-14T22:13:20Z">2023-11-14T22:13:20Z</time>"#))
    }

    @Test(
        "an invalid query is refused with what would be right",
        arguments: [
            ("sort=colour", "use one of city, degrees"), ("sort=", "use one of city, degrees"),
            ("sort=Weather", "use one of city, degrees"), ("sort=city&sort=degrees", "give it once"),
            ("order=up", "use one of ascending, descending"), ("refresh=0", "use whole seconds from 5 to 3600"),
            ("refresh=1.5", "use whole seconds"), ("refresh=-10", "use whole seconds"),
            ("refresh=99999999999999999999", "use whole seconds"),
        ]
    )
    func refusal(query: String, advice: String) {
        let error = #expect(throws: EndpointError.self) { try Self.view(query) }
        #expect(error?.status == 400)
        #expect(error?.description.contains(advice) == true)
    }

    @Test("a response of the server follows the query, and is compressed for clients that accept it")
    func served() async throws {
        let page = LandingPage(name: "demo", version: "1.0", description: "A demonstration.") { Self.cities }
        try await RunningServer.with(landingPage: page) { server in
            let sorted = try await server.client.get("/?sort=city&order=descending")
            #expect(sorted.status == .ok && sorted.headers[.contentEncoding] == nil)
            let html = String(buffer: try #require(sorted.body))
            let cities = ["Oslo", "Rome", "Lake"].compactMap { html.firstRange(of: $0)?.lowerBound }
            #expect(cities.count == 3 && cities == cities.sorted())
            let refused = try await server.client.get("/?sort=%3Cb%3E")
            #expect(refused.status == .badRequest)
            #expect(refused.headers[.contentType] == "text/plain; charset=utf-8")
            let small = try await server.client.get("/", headers: [.acceptEncoding: "gzip"])
            #expect(small.headers[.contentEncoding] == "gzip")
            #expect(try #require(small.body).readableBytes < html.utf8.count / 2)
        }
    }
}
