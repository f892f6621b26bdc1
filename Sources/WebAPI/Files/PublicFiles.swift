public import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The files of `public/`, read once at the start.
///
/// Nothing is looked up on the disk for a request, so no address can lead out of the folder.
public struct PublicFiles: Sendable {
    private struct File {
        let content: ByteBuffer
        /// The same, compressed; nil for what is compressed already.
        let smaller: ByteBuffer?
        let type: String
        let version: String
    }

    private let files: [String: File]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json",
    ]
    /// What has its own compression.
    private static let compressed: Set<String> = ["png", "woff2"]

    /// Reads a folder; hidden files and kinds that are not known are left out.
    ///
    /// - Parameter directory: The folder, such as `public`.
    /// - Throws: What Foundation throws when a file cannot be read.
    public init(directory: URL) throws {
        // An enumerator does not enter a folder that is a link.
        let directory = directory.resolvingSymlinksInPath()
        let paths = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
        var contents: [String: Data] = [:]
        for path in paths where !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            let file = directory.appending(path: path)
            guard Self.types[file.pathExtension.lowercased()] != nil else { continue }
            contents["/" + path] = try Data(contentsOf: file)
        }
        let versioned = VersionedFiles(contents)
        var files: [String: File] = [:]
        for (path, data) in versioned.contents {
            let kind = path.split(separator: ".").last?.lowercased() ?? ""
            guard let type = Self.types[kind], let version = versioned.versions[path] else { continue }
            let smaller =
                Self.compressed.contains(kind) ? nil : GZip.compress(Array(data), level: GZip.thorough)
            files[path] = File(
                content: ByteBuffer(bytes: data), smaller: smaller.map { ByteBuffer(bytes: $0) }, type: type,
                version: version)
        }
        self.files = files
    }

    /// The address of a file, with its version, so that a browser keeps it until it changes.
    ///
    /// - Parameter path: The path below the folder, such as `/css/drizzl.css`.
    /// - Returns: The address; the plain path of a file that is not there.
    public func address(of path: String) -> String {
        files[path].map { "\(path)?v=\($0.version)" } ?? path
    }

    /// Sends each file.
    var operations: [Operation] {
        files.map { path, file in
            Operation(
                .get, path, "A file of the pages", tag: "Pages", access: .anyone,
                scope: .none("these files are the same for everybody"), answers: [.content(file.type, "The file.")]
            ) { visit in Self.response(file, to: visit.request) }
        }
    }

    private static func response(_ file: File, to request: Request) -> Response {
        let smaller = request.takesGZip ? file.smaller : nil
        // Compressed, it is another sequence of bytes, and a strong tag says so.
        let tag = smaller == nil ? "\"\(file.version)\"" : "\"\(file.version)-gz\""
        let isVersioned = request.uri.query == "v=\(file.version)"
        var headers: HTTPFields = [
            .eTag: tag, .vary: "Accept-Encoding",
            .cacheControl: isVersioned ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = file.type
        if smaller != nil { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: smaller ?? file.content))
    }
}
