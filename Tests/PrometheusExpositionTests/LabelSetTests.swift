import PrometheusExposition
import Testing

@Suite struct LabelSetTests {
    @Test(
        "values are escaped exactly as the formats require",
        arguments: [
            ("plain", #"{a="plain"}"#),
            ("", #"{a=""}"#),
            (#"quote " backslash \"#, #"{a="quote \" backslash \\"}"#),
            ("line\nfeed", #"{a="line\nfeed"}"#),
            (#"\n stays two characters"#, #"{a="\\n stays two characters"}"#),
            ("tab\t, {brace} = ü 💱", "{a=\"tab\t, {brace} = ü 💱\"}"),
        ]
    )
    func escaping(value: String, expected: String) {
        #expect((["a": value] as LabelSet).description == expected)
    }

    @Test("labels keep their order and their unescaped values")
    func order() {
        let labels: LabelSet = ["window": "240", "pair": "a\"b"]
        #expect(labels.description == #"{window="240",pair="a\"b"}"#)
        #expect(labels.pairs.map(\.name) == ["window", "pair"])
        #expect(labels.pairs.map(\.value) == ["240", "a\"b"])
    }

    @Test("a label can be added to a set without changing it")
    func appending() {
        let labels: LabelSet = ["pair": "p"]
        #expect(labels.appending("level", "1%").description == #"{pair="p",level="1%"}"#)
        #expect(LabelSet.empty.appending("level", "1%").description == #"{level="1%"}"#)
        #expect(labels.description == #"{pair="p"}"#)
    }

    @Test("sets are equal when names, values and order are")
    func equality() {
        let labels: LabelSet = ["a": "1", "b": "2"]
        #expect(labels == LabelSet([(name: "a", value: "1"), (name: "b", value: "2")]))
        #expect(labels.hashValue == LabelSet([(name: "a", value: "1"), (name: "b", value: "2")]).hashValue)
        #expect(labels != ["b": "2", "a": "1"])
        #expect(labels != ["a": "1", "b": "3"])
        #expect(LabelSet.empty == [:])
    }
}
