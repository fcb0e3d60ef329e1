/// Ids of one stream over all numberings that its venue has begun.
///
/// A venue may restart its ids: testnets each month, some venues after maintenance. Inside the program the number of
/// the numbering is above the 44 bits of the venue's id, so that ids of a later numbering are greater and other code
/// can ignore numberings. The first numbering is 0: its ids are the venue's own.
public enum TradeNumbering {
    private static let idBits: Int64 = 44
    /// How many numberings one stream can have; each is a stream of its own in the store, which has 524,287 of them.
    public static let limit: Int64 = 1000

    /// All ids of all numberings.
    public static let ids: Range<Int64> = 0..<(limit << idBits)

    /// The numbering of an id.
    @inlinable
    public static func numbering(of id: Int64) -> Int64 { id >> 44 }

    /// The venue's id.
    @inlinable
    public static func venueID(_ id: Int64) -> Int64 { id & ((1 << 44) - 1) }

    /// The offset that is added to the venue's ids of a numbering.
    public static func base(of numbering: Int64) -> Int64 {
        min(max(numbering, 0), limit - 1) << idBits
    }
}
