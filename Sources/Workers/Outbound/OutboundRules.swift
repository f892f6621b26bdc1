/// Where the program may connect to: everywhere on the internet, and to what is named besides.
///
/// Source: SEC-12.
public struct OutboundRules: Sendable, Hashable {
    private let names: Set<String>
    private let ranges: [AddressRange]

    /// Makes the rules.
    ///
    /// - Parameter exceptions: What may be reached although its address is none of the internet at large: names of hosts,
    ///   addresses, and networks as `10.1.0.0/16`.
    public init(exceptions: [String] = []) {
        ranges = exceptions.compactMap { AddressRange($0) }
        names = Set(exceptions.filter { AddressRange($0) == nil }.map(Self.bare))
    }

    /// Whether a text can be an exception.
    public static func isException(_ text: String) -> Bool {
        AddressRange(text) != nil
            || (!text.isEmpty && text.count <= 253
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) })
    }

    /// Whether a connection to an address may be opened, under the name by which it was looked up.
    func permit(_ address: NetworkAddress, of host: String) -> Bool {
        address.isPublic || names.contains(Self.bare(host)) || ranges.contains { $0.contains(address) }
    }

    private static func bare(_ name: String) -> String {
        let lower = name.lowercased()
        return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
    }
}
