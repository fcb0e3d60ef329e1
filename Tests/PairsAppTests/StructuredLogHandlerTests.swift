import Foundation
import Logging
import PairsApp
import Synchronization
import Testing

@Suite struct StructuredLogHandlerTests {
    private func line(_ format: LogFormat, _ log: (Logger) -> Void) -> String {
        let lines = Mutex<[String]>([])
        let logger = Logger(label: "test") { _ in
            StructuredLogHandler(level: .info, format: format) { line in lines.withLock { $0.append(line) } }
        }
        log(logger)
        return lines.withLock { $0.joined() }
    }

    @Test("logfmt quotes what would be split, and puts metadata in order")
    func logfmt() {
        let text = line(.logfmt) { $0.warning("feed lost", metadata: ["venue": "okx", "reason": "a=\"b\""]) }
        #expect(text.prefixMatch(of: /time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=warn/) != nil)
        #expect(text.hasSuffix("msg=\"feed lost\" reason=\"a=\\\"b\\\"\" venue=okx\n"))
    }

    @Test("JSON is one object per line")
    func json() throws {
        let text = line(.json) { $0.error("x\ny", metadata: ["k": "v"]) }
        #expect(text.filter { $0 == "\n" }.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
        #expect(object?["msg"] == "x\ny" && object?["k"] == "v" && object?["level"] == "error")
    }

    @Test("In JSON numbers and flags are not strings")
    func numbers() throws {
        let text = line(.json) { logger in
            logger.info(
                "x",
                metadata: [
                    "bars": .stringConvertible(7), "ratio": .stringConvertible(0.5), "tls": .stringConvertible(true),
                    "symbol": "1000",
                ]
            )
        }
        #expect(text.contains(#""bars":7,"ratio":0.5,"symbol":"1000","tls":true"#))
        let plain = line(.logfmt) { $0.info("x", metadata: ["bars": .stringConvertible(7)]) }
        #expect(plain.hasSuffix("msg=x bars=7\n"))
    }

    @Test("Levels below the least one are not written")
    func level() {
        #expect(line(.logfmt) { $0.debug("quiet") }.isEmpty)
    }
}
