import MarketData
import Testing

@Suite struct InstrumentMapTests {
    @Test("A value is found by its instrument alone, whatever numbers others have")
    func values() {
        var map = InstrumentMap<String>([InstrumentID(2), InstrumentID(900)], value: "a")
        map[InstrumentID(5)] = "b"
        map[InstrumentID(2)] = nil
        map[InstrumentID(900)]?.append("c")
        #expect(Set(map.instruments) == [InstrumentID(5), InstrumentID(900)])
        #expect(map[InstrumentID(2)] == nil && map[InstrumentID(0)] == nil && map[InstrumentID(70_000)] == nil)
        map[InstrumentID(-1)] = "d"
        #expect(map[InstrumentID(-1)] == nil && map.instruments.count == 2)
        #expect(map[InstrumentID(5)] == "b" && map[InstrumentID(900)] == "ac")
    }
}
