internal import Foundation

/// Names another database in a libpq connection string of either form.
enum DatabaseURL {
    static func replacingDatabase(in url: String, with name: String) -> String {
        guard let scheme = url.range(of: "://") else {
            // In a keyword string the last mention counts.
            return url + " dbname=" + name
        }
        // By hand, since several hosts with ports are no URL to Foundation.
        let rest = url[scheme.upperBound...]
        let query = rest.firstIndex(of: "?") ?? rest.endIndex
        let path = rest[..<query].firstIndex(of: "/") ?? query
        return url[..<scheme.upperBound] + rest[..<path] + "/" + name + rest[query...]
    }
}
