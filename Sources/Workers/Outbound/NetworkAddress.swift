import Foundation

/// An address of a machine, of IP version 4 or 6.
///
/// One of version 4 that is written as one of version 6 is the former: it leads to the same machine.
struct NetworkAddress: Sendable, Hashable {
    /// 4 or 16, the first one first.
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        let isMapped = bytes.count == 16 && bytes.starts(with: Self.mapped)
        // NAT64 carries one of version 4 too, on a network that has no other.
        let isTranslated = bytes.count == 16 && bytes.starts(with: Self.translated)
        self.bytes = isMapped || isTranslated ? Array(bytes.suffix(4)) : bytes
    }

    /// Reads an address as it is written; nil when it is none.
    init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: withUnsafeBytes(of: four) { Array($0) })
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(bytes: withUnsafeBytes(of: six) { Array($0) })
        } else {
            return nil
        }
    }

    /// Reads what a socket is to be connected to; nil when it is no address of a network.
    init?(socketAddress: UnsafeRawPointer, family: Int32, length: Int) {
        switch family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let address = socketAddress.loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(bytes: withUnsafeBytes(of: address) { Array($0) })
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            let address = socketAddress.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(bytes: withUnsafeBytes(of: address) { Array($0) })
        default: return nil
        }
    }

    /// Whether it is one of the internet at large, and not of a machine or network of one's own or of none.
    ///
    /// Source: SEC-12; IANA's special-purpose address registries.
    var isPublic: Bool {
        bytes.count == 4
            ? !Self.special4.contains { $0.contains(self) }
            : Self.global6.contains { $0.contains(self) } && !Self.special6.contains { $0.contains(self) }
    }

    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
    private static let translated: [UInt8] = [0x00, 0x64, 0xFF, 0x9B] + Array(repeating: 0, count: 8)

    /// Of version 4, everything but these is public.
    private static let special4 = AddressRange.all(
        // "This" network; private; shared by customers of a provider; loopback; link-local, with what clouds tell their
        // machines about themselves (169.254.169.254).
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        // Protocols, documentation, relays to version 6, measuring.
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        // Multicast; reserved and broadcast.
        "224.0.0.0/4", "240.0.0.0/4")
    /// Of version 6, nothing but this is public: no loopback, unique local, link-local or multicast address is in it.
    private static let global6 = AddressRange.all("2000::/3")
    private static let special6 = AddressRange.all(
        // Protocols and Teredo; documentation, twice; addresses of version 4 in those of 6to4.
        "2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16")
}

/// All addresses that begin alike.
struct AddressRange: Sendable, Hashable {
    private let beginning: [UInt8]
    private let bits: Int

    /// Reads a network as `10.1.0.0/16`, or one address; nil when it is neither.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(String(parts[0])) else { return nil }
        let most = address.bytes.count * 8
        guard parts.count == 1 || Int(parts[1]).map((0...most).contains) == true else { return nil }
        (beginning, bits) = (address.bytes, parts.count == 1 ? most : Int(parts[1]) ?? most)
    }

    /// Whether an address is one of them.
    func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == beginning.count else { return false }
        return (0..<bits).allSatisfy { bit in
            (address.bytes[bit / 8] ^ beginning[bit / 8]) & (0x80 >> (bit % 8)) == 0
        }
    }

    fileprivate static func all(_ texts: String...) -> [AddressRange] { texts.compactMap { AddressRange($0) } }
}
