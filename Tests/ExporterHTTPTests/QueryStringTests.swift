import Testing

@testable import ExporterHTTP

@Suite struct QueryStringTests {
    @Test(
        "names and values are decoded, as Prometheus and browsers encode them",
        arguments: [
            ("name[]=a&name%5B%5D=b", ["a", "b"]), ("name[]=a+b%2Bc", ["a b+c"]), ("name[]", [""]),
            ("name[]=%ff", ["%ff"]),
            ("&&x=1&name[]==", ["="]), ("", []), (nil, []),
        ]
    )
    func values(text: String?, values: [String]) {
        #expect(QueryString(text).values("name[]") == values)
    }
}
