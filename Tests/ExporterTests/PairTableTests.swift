import Testing

@testable import Exporter

@Suite struct PairTableTests {
    @Test(
        "A p-value is never shown as zero",
        arguments: [
            (0, "<0.001"), (1e-12, "<0.001"), (0.00099, "<0.001"), (0.001, "0.001"), (0.0496, "0.050"), (1, "1.000"),
        ]
    )
    func probability(value: Double, text: String) {
        #expect(PairTable.probability(value) == text)
    }
}
