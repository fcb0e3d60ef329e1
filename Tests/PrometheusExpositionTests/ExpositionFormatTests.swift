import PrometheusExposition
import Testing

@Suite struct ExpositionFormatTests {
    private static let prometheus3 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
    private static let prometheus2 =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    private static let nativeHistograms =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
        + prometheus3
    private static let prometheus2Native =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
        + "application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    private static let browser =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

    @Test(
        "the Accept header decides the format",
        arguments: [
            (nil, ExpositionFormat.text),
            ("", .text),
            ("*/*", .text),
            (browser, .text),
            (prometheus3, ExpositionFormat(.openMetrics, escaping: .allowUTF8)),
            (nativeHistograms, .protobuf),
            (prometheus2Native, .protobuf),
            (prometheus2, .openMetrics),
            ("application/openmetrics-text", .openMetrics),
            ("application/openmetrics-text; version=0.0.1", .text),
            ("application/openmetrics-text; version=2.0.0, text/plain", .text),
            ("text/plain", .text),
            ("text/plain; version=1.0.0", ExpositionFormat(.textUTF8)),
            (
                "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3",
                ExpositionFormat(.textUTF8, escaping: .allowUTF8)
            ),
            ("text/plain;version=2.0.0", .text),
            ("application/vnd.google.protobuf", .text),
            ("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text", .text),
            (
                "application/vnd.google.protobuf; encoding=\"delimited\" ;proto=io.prometheus.client.MetricFamily;q=0.1",
                .protobuf
            ),
            ("text/*", .text),
            ("application/*", .openMetrics),
            ("application/json", .text),
            ("application/openmetrics-text;q=0.3, text/plain;q=0.4", .text),
            ("application/openmetrics-text;q=0.4, text/plain;q=0.3", .openMetrics),
            ("application/openmetrics-text ; version = 1.0.0 ; q = 0.9 ,\ttext/plain ; q = 0.8", .openMetrics),
            ("text/plain;q=0.8 , application/openmetrics-text;q=0.9", .openMetrics),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=1, text/plain;q=0.9", .openMetrics),
            ("application/openmetrics-text;q=0, */*", .text),
            ("text/plain;q=0, */*;q=0.5", .openMetrics),
            ("text/plain;q=0, */*;q=0", .text),
            ("application/openmetrics-text, text/plain", .openMetrics),
            ("text/plain, application/openmetrics-text", .text),
            ("text/plain;version=0.0.4;q=0.1, text/plain;q=0.9, application/openmetrics-text;q=0.5", .openMetrics),
            ("application/openmetrics-text;q=x, text/plain;q=0.1", .text),
            ("application/openmetrics-text;q=1.5, text/plain;q=0.1", .text),
            (",,;;=,q=1,\"", .text),
            (
                "application/openmetrics-text;escaping=values",
                ExpositionFormat(.openMetrics, escaping: .values)
            ),
            ("application/openmetrics-text;escaping=dots", .openMetrics),
            ("application/openmetrics-text;escaping=nonsense", .openMetrics),
            ("text/plain;version=0.0.4;escaping=allow-utf-8", ExpositionFormat(.text, escaping: .allowUTF8)),
        ]
    )
    func negotiation(accept: String?, expected: ExpositionFormat) {
        #expect(ExpositionFormat.negotiate(accept: accept) == expected)
    }

    @Test("the content type names version, character set and escaping")
    func contentType() {
        #expect(ExpositionFormat.text.contentType == "text/plain; version=0.0.4; charset=utf-8; escaping=underscores")
        #expect(
            ExpositionFormat(.openMetrics, escaping: .allowUTF8).contentType
                == "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
        )
        #expect(
            ExpositionFormat(.textUTF8, escaping: .allowUTF8).contentType
                == "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
        )
        #expect(
            ExpositionFormat.protobuf.contentType
                == "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; "
                + "escaping=underscores"
        )
    }
}
