/// Prints the simulated tables that PairStatistics holds as constants: `NullTables cointegration` or `NullTables half-life`.
@main
enum NullTables {
    static func main() throws {
        switch CommandLine.arguments.dropFirst().first {
        case "cointegration": try CointegrationNull.printTable()
        case "half-life": print(HalfLifeQuantiles.source())
        default: print("usage: NullTables cointegration | half-life")
        }
    }
}
