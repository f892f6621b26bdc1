import CZlib
import HTTPTypes
import HummingbirdCore

/// Makes answers smaller on their way (RFC 1952).
enum GZip {
    /// What costs a little and makes HTML a sixth.
    static let quick: Int32 = 5
    /// What takes its time, for what is compressed once and sent often.
    static let thorough: Int32 = 9

    /// Compresses.
    ///
    /// - Parameters:
    ///   - bytes: What to compress.
    ///   - level: How hard to try.
    /// - Returns: The compressed bytes; nil when it would not be worth it, or there is no memory for it.
    static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        // Below this, its headers eat what it gains.
        guard bytes.count > 512, bytes.count < Int(UInt32.max) else { return nil }
        var stream = z_stream()
        guard czlib_begin_gzip(&stream, level) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        let bound = Int(deflateBound(&stream, UInt(input.count)))
        let output = input.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: bound) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                count = deflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
            }
        }
        return output.isEmpty || output.count >= bytes.count ? nil : output
    }
}

extension Request {
    /// Whether the client takes gzip.
    var takesGZip: Bool {
        headers[values: .acceptEncoding].joined(separator: ",").split(separator: ",").contains { part in
            let words = part.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            return words.first == "gzip" && !words.dropFirst().contains { $0 == "q=0" || $0.hasPrefix("q=0.000") }
        }
    }
}
