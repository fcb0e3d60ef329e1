import Foundation

/// The hosts for direct connections without a proxy, from the value of `NO_PROXY` by the rules of Go's programs:
///
/// - `*`: every host;
/// - `example.com`: this host and its subdomains; `.example.com` and `*.example.com`: only subdomains;
/// - `10.1.2.3`, `[2001:db8::1]`, `10.0.0.0/8`, `2001:db8::/32`: hosts given as addresses, in any notation;
/// - each entry except a network may end with a port and then matches that port only.
///
/// Names are not resolved. An entry of another form matches no host.
struct DirectHosts: Hashable, Sendable {
    private enum Entry: Hashable {
        case all
        case network(IPNetwork, port: Int?)
        case domain(String, port: Int?)
    }

    private let entries: [Entry]

    /// - Parameter list: entries separated by commas or spaces.
    init(_ list: String) {
        entries = list.lowercased().split { $0 == "," || $0.isWhitespace }.map(Self.entry)
    }

    /// Whether a host is reached without a proxy; an IPv6 address is given without brackets.
    func contains(host: String, port: Int) -> Bool {
        let host = host.lowercased()
        let address = IPNetwork(host)
        return entries.contains { entry in
            switch entry {
            case .all: true
            case .network(let network, let only):
                (only ?? port) == port && address.map { network.contains($0) } ?? false
            case .domain(let domain, let only):
                (only ?? port) == port && address == nil
                    && (host == domain || host.hasSuffix(domain.hasPrefix(".") ? domain : "." + domain))
            }
        }
    }

    private static func entry(_ text: Substring) -> Entry {
        if text == "*" { return .all }
        if let network = IPNetwork(text) { return .network(network, port: nil) }
        var (name, port) = (text, Int?.none)
        if let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]) {
            (name, port) = (text[..<colon], number)
        }
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
        let address = isBracketed ? name.dropFirst().dropLast() : name
        if !address.contains("/"), let network = IPNetwork(address) { return .network(network, port: port) }
        return .domain(String(name.hasPrefix("*.") ? name.dropFirst() : name), port: port)
    }
}

/// A range of addresses with a common prefix, such as `10.0.0.0/8`; a single address is a network with one address.
private struct IPNetwork: Hashable {
    /// The address, left-aligned to the highest bit.
    private let bits: UInt128
    /// The number of bits of an address of its family.
    private let width: Int
    /// The number of common bits.
    private let prefix: Int

    /// Reads an address, or an address with a prefix length; nil for other text.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, let (bits, width) = Self.address(String(address)) else { return nil }
        let prefix = parts.count > 1 ? Int(parts[1]) : width
        guard let prefix, prefix >= 0, prefix <= width else { return nil }
        (self.bits, self.width, self.prefix) = (bits, width, prefix)
    }

    /// Whether the network contains an address.
    func contains(_ address: IPNetwork) -> Bool {
        address.width == width && (bits ^ address.bits) >> (128 - prefix) == 0
    }

    private static func address(_ text: String) -> (UInt128, width: Int)? {
        for (family, width) in [(AF_INET, 32), (AF_INET6, 128)] {
            // The bytes in network order.
            var bytes = UInt128()
            if inet_pton(family, text, &bytes) == 1 { return (UInt128(bigEndian: bytes), width) }
        }
        return nil
    }
}
