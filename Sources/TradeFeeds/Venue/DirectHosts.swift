import Foundation

/// The hosts that are reached without a proxy, as `NO_PROXY` has them by the rules of Go's programs:
///
/// - `*`: every host;
/// - `example.com`: this host and those below it; `.example.com` and `*.example.com`: only those below it;
/// - `10.1.2.3`, `[2001:db8::1]`, `10.0.0.0/8`, `2001:db8::/32`: hosts that are given as addresses, in any notation;
/// - each but networks may end with a port, and then excludes that port alone.
///
/// Names are not resolved. An entry of another form excludes nothing.
struct DirectHosts: Hashable, Sendable {
    private enum Entry: Hashable {
        case all
        case network(IPNetwork, port: Int?)
        case domain(String, port: Int?)
    }

    private let entries: [Entry]

    /// - Parameter list: entries between commas or spaces.
    init(_ list: String) {
        entries = list.lowercased().split { $0 == "," || $0.isWhitespace }.map(Self.entry)
    }

    /// Whether a host, an IPv6 address without brackets, is reached without a proxy.
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

/// The addresses that begin with the same bits, `10.0.0.0/8`; one address is a network of its own.
private struct IPNetwork: Hashable {
    /// The address from the highest bit on.
    private let bits: UInt128
    /// How many bits an address of its family has.
    private let width: Int
    /// How many bits the addresses share.
    private let prefix: Int

    /// Reads an address, or one with the length of its prefix.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, let (bits, width) = Self.address(String(address)) else { return nil }
        let prefix = parts.count > 1 ? Int(parts[1]) : width
        guard let prefix, prefix >= 0, prefix <= width else { return nil }
        (self.bits, self.width, self.prefix) = (bits, width, prefix)
    }

    /// Whether all bits of the prefix are those of an address.
    func contains(_ address: IPNetwork) -> Bool {
        address.width == width && (bits ^ address.bits) >> (128 - prefix) == 0
    }

    private static func address(_ text: String) -> (UInt128, width: Int)? {
        for (family, width) in [(AF_INET, 32), (AF_INET6, 128)] {
            // The bytes in the order of the network.
            var bytes = UInt128()
            if inet_pton(family, text, &bytes) == 1 { return (UInt128(bigEndian: bytes), width) }
        }
        return nil
    }
}
