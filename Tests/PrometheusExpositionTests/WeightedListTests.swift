import PrometheusExposition
import Testing

@Suite struct WeightedListTests {
    @Test("values, parameters and qualities are read with white space and quotes")
    func elements() throws {
        let list = WeightedList(#" text/Plain ; a = "x, \"y\";z" ; q=0.25 ,gzip;q=1.000, br ; Q=0 "#)
        #expect(list.elements.map(\.value) == ["text/plain", "gzip", "br"])
        #expect(list.elements.map(\.quality) == [0.25, 1, 0])
        #expect(try #require(list.elements.first).parameter("a") == #"x, "y";z"#)
        #expect(try #require(list.elements.first).parameter("b") == nil)
    }

    @Test(
        "elements that cannot be read are left out",
        arguments: ["", " ", ",", ";q=1", "a;q=", "a;q=-1", "a;q=2", "a;q=nan", "a;q=high"]
    )
    func unreadable(header: String) {
        #expect(WeightedList(header).elements.isEmpty)
    }
}
