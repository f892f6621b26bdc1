import Database
import Foundation

@main
struct Main {
    static func main() async throws {
        let options: Options
        do { options = try Options(Array(CommandLine.arguments.dropFirst())) } catch {
            print(error)
            exit(64)
        }
        let name = "drizzl_bench_\(ProcessInfo.processInfo.processIdentifier)"
        let pooler = DatabasePooler(rawValue: options.pooler) ?? .none
        var server = DatabaseConfiguration(url: options.server, maximumConnections: 1)
        server.pooler = pooler
        let administrator = Pool(server)
        _ = try await administrator.query("CREATE DATABASE \(unsafeUnescaped: name)")
        var configuration = DatabaseConfiguration(
            url: "\(options.server)\(options.server.contains("?") ? "&" : "?")dbname=\(name)",
            maximumConnections: options.workers * 2 + 1, statementTimeout: .seconds(120))
        configuration.pooler = pooler
        do {
            let migrations = URL(filePath: #filePath).appending(path: "../../../../migrations").standardizedFileURL
            try await Migrator(directory: migrations).migrate(configuration)
            configuration.role = "drizzl_app"
            try await Bench(options: options, configuration: configuration).run()
        } catch {
            print("\(error)")
        }
        _ = try await administrator.query("DROP DATABASE \(unsafeUnescaped: name) WITH (FORCE)")
        await administrator.close()
    }
}
