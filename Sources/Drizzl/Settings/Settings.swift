import Accounts
import Database
import Documents
import Foundation
import Logging
import Storage
import WebAPI
import Workers

/// What this installation is told by its environment; every name stands in `.env.example`.
///
/// The environment is read here and nowhere else.
struct Settings: Sendable {
    /// The connection string; nil: the private cluster of this machine.
    var databaseURL: String?
    /// Connections at most, per process.
    var databaseConnections: Int
    /// What stands between this process and the database.
    var databasePooler: DatabasePooler
    /// Where to listen for notifications, when not at the database's own address.
    var listenURL: String?
    /// The address on which the web listens.
    var host: String
    /// Its port.
    var port: Int
    /// Where a process without the web tells its figures; nil: nowhere.
    var metricsPort: Int?
    /// The address under which people reach it, for links in mails.
    var publicURL: URL
    /// What is asked of requests before anything is done for them.
    var door: DoorSettings
    /// The list of passwords that everybody tries first.
    var commonPasswords: String
    /// The password of the demo's people; nil: one is made, and said once.
    var demoPassword: String?
    /// The key, 32 bytes, with which tokens of other systems are sealed; nil: one that this machine keeps.
    var secretKey: [UInt8]?
    /// Keys that sealed before it and still open, the oldest first.
    var earlierSecretKeys: [[UInt8]]
    /// The mail server; nil: mail is kept in the database.
    var smtp: SMTPConfiguration?
    /// The sender of mail.
    var mailFrom: MailAddress
    /// The zone of due dates and periods.
    var companyZone: TimeZone
    /// What is logged.
    var logLevel: Logger.Level
    /// Jobs at once, per process.
    var workerConcurrency: Int
    /// How long jobs are kept that have ended, days.
    var jobRetentionDays: Int
    /// How far the engine's clock is ahead of the wall clock, seconds; for demonstrations and tests.
    var clockShift: TimeInterval
    /// The folder that holds workflows/, templates/, migrations/, public/ and seeds/.
    var home: URL

    /// The folder of the files that people send.
    var filesDirectory: URL
    /// The bucket that they go to; nil: they stay in the folder.
    var filesBucket: Bucket?

    /// Where the program may connect to on somebody's word.
    var outbound: OutboundRules

    /// Reads the settings.
    ///
    /// - Parameter environment: Names and values; an empty value counts as not set.
    /// - Throws: ``SettingsError`` with every fault at once.
    init(_ environment: [String: String]) throws(SettingsError) {
        var reader = SettingsReader(environment)
        databaseURL = reader.text("DATABASE_URL")
        databaseConnections = reader.integer("DRIZZL_DATABASE_CONNECTIONS", default: 16, in: 2...500)
        databasePooler = reader.choice("DRIZZL_DATABASE_POOLER", default: DatabasePooler.none)
        listenURL = reader.text("DRIZZL_LISTEN_URL")
        host = reader.text("DRIZZL_HOST") ?? "127.0.0.1"
        port = reader.integer("DRIZZL_PORT", default: 8080, in: 0...65_535)
        if reader.text("DRIZZL_METRICS_PORT") != nil {
            metricsPort = reader.integer("DRIZZL_METRICS_PORT", default: 0, in: 1...65_535)
        }
        publicURL = reader.webAddress("DRIZZL_PUBLIC_URL", default: "http://localhost:\(port)")
        door = Self.door(&reader, isBehindTLS: publicURL.scheme == "https")
        commonPasswords = reader.text("DRIZZL_COMMON_PASSWORDS") ?? PasswordPolicy.usualList
        demoPassword = reader.text("DRIZZL_DEMO_PASSWORD")
        if let password = demoPassword, !PasswordPolicy.lengths.contains(password.count) {
            reader.fault("DRIZZL_DEMO_PASSWORD", "must have 12 to 128 characters")
        }
        if let text = reader.text("DRIZZL_SECRET_KEY") {
            secretKey = Data(base64Encoded: text).map(Array.init)
            if secretKey?.count != 32 { reader.fault("DRIZZL_SECRET_KEY", "must be 32 bytes in Base64") }
        }
        earlierSecretKeys = reader.keys("DRIZZL_EARLIER_SECRET_KEYS", atMost: 50)
        mailFrom = MailAddress(
            name: "Drizzl Wellness", address: reader.text("DRIZZL_MAIL_FROM") ?? "billing@drizzl.example")
        if !mailFrom.isValid { reader.fault("DRIZZL_MAIL_FROM", "is no e-mail address") }
        companyZone = reader.zone("DRIZZL_COMPANY_TIME_ZONE", default: "America/Los_Angeles")
        logLevel = reader.choice("DRIZZL_LOG_LEVEL", default: Logger.Level.info)
        workerConcurrency = reader.integer("DRIZZL_WORKER_CONCURRENCY", default: 8, in: 1...256)
        jobRetentionDays = reader.integer("DRIZZL_JOB_RETENTION_DAYS", default: 90, in: 7...3_650)
        clockShift = TimeInterval(reader.integer("DRIZZL_CLOCK_SHIFT", default: 0, in: -3_153_600_000...3_153_600_000))
        home = URL(fileURLWithPath: reader.text("DRIZZL_HOME") ?? FileManager.default.currentDirectoryPath)
        filesDirectory =
            reader.text("DRIZZL_FILES_DIR").map { URL(fileURLWithPath: $0) } ?? home.appending(path: ".drizzl/files")
        filesBucket = Self.bucket(&reader)
        outbound = OutboundRules(exceptions: reader.exceptions("DRIZZL_OUTBOUND_ALLOW"))
        smtp = Self.smtp(&reader)
        if !FileManager.default.fileExists(atPath: home.appending(path: "workflows/vocabulary.yaml").path) {
            reader.fault("DRIZZL_HOME", "names a folder without workflows/; start in the project's folder or set it")
        }
        guard reader.faults.isEmpty else { throw SettingsError(faults: reader.faults) }
    }

    /// The settings of this process.
    static func current() throws(SettingsError) -> Settings {
        try Settings(ProcessInfo.processInfo.environment)
    }

    private static func door(_ reader: inout SettingsReader, isBehindTLS: Bool) -> DoorSettings {
        let address = reader.integer("DRIZZL_RATE_PER_ADDRESS", default: 100, in: 0...100_000)
        let credential = reader.integer("DRIZZL_RATE_PER_TOKEN", default: 50, in: 0...100_000)
        return DoorSettings(
            perAddress: address == 0 ? nil : RateLimit(perSecond: address),
            perCredential: credential == 0 ? nil : RateLimit(perSecond: credential),
            proxies: reader.integer("DRIZZL_PROXIES", default: 0, in: 0...9), isBehindTLS: isBehindTLS)
    }

    private static func bucket(_ reader: inout SettingsReader) -> Bucket? {
        guard reader.text("DRIZZL_FILES_S3_ENDPOINT") != nil else { return nil }
        let endpoint = reader.webAddress("DRIZZL_FILES_S3_ENDPOINT", default: "")
        return Bucket(
            endpoint: endpoint, name: reader.demanded("DRIZZL_FILES_S3_BUCKET"),
            region: reader.text("DRIZZL_FILES_S3_REGION") ?? "us-east-1",
            accessKey: reader.demanded("DRIZZL_FILES_S3_ACCESS_KEY"),
            secretKey: reader.demanded("DRIZZL_FILES_S3_SECRET_KEY"))
    }

    private static func smtp(_ reader: inout SettingsReader) -> SMTPConfiguration? {
        let startTLS = reader.choice("DRIZZL_SMTP_TLS", default: SMTPConfiguration.StartTLS.required)
        guard let url = reader.text("DRIZZL_SMTP_URL") else { return nil }
        do {
            return try SMTPConfiguration(
                url: url, user: reader.text("DRIZZL_SMTP_USER"), password: reader.text("DRIZZL_SMTP_PASSWORD"),
                startTLS: startTLS, certificateAuthorityFile: reader.text("DRIZZL_SMTP_CA_FILE"))
        } catch {
            reader.fault("DRIZZL_SMTP_URL", "is no mail server: \(error)")
            return nil
        }
    }
}

/// Everything that is wrong with the settings.
struct SettingsError: Error, CustomStringConvertible {
    var faults: [String]

    var description: String {
        "The settings are wrong (.env.example says what each takes):\n"
            + faults.map { "  \($0)" }.joined(separator: "\n")
    }
}

/// Reads settings one by one and gathers what is wrong with them; values are never repeated, for some are secrets.
struct SettingsReader {
    private(set) var faults: [String] = []
    private let environment: [String: String]

    init(_ environment: [String: String]) {
        self.environment = environment.filter { !$0.value.isEmpty }
    }

    mutating func fault(_ name: String, _ sentence: String) { faults.append("\(name) \(sentence)") }

    func text(_ name: String) -> String? { environment[name] }

    /// A text without which another setting is good for nothing.
    mutating func demanded(_ name: String) -> String {
        if let text = environment[name] { return text }
        fault(name, "is missing")
        return ""
    }

    mutating func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = environment[name] else { return fallback }
        if let number = Int(text), range.contains(number) { return number }
        fault(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        return fallback
    }

    mutating func webAddress(_ name: String, default fallback: String) -> URL {
        let text = environment[name] ?? fallback
        if let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host() != nil, !text.hasSuffix("/")
        {
            return url
        }
        fault(name, "must be a web address without a slash at its end, such as https://portal.example.com")
        return URL(filePath: "/")
    }

    mutating func exceptions(_ name: String) -> [String] {
        let texts = (environment[name] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if texts.allSatisfy(OutboundRules.isException) { return texts }
        fault(name, "must be names of hosts, addresses and networks such as 10.1.0.0/16, with commas between them")
        return []
    }

    mutating func keys(_ name: String, atMost limit: Int) -> [[UInt8]] {
        let texts = (environment[name] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let keys = texts.compactMap { Data(base64Encoded: $0).map(Array.init) }.filter { $0.count == 32 }
        if keys.count == texts.count, keys.count <= limit { return keys }
        fault(name, "must be at most \(limit) keys of 32 bytes in Base64, with commas between them")
        return []
    }

    mutating func zone(_ name: String, default fallback: String) -> TimeZone {
        if let zone = TimeZone(identifier: environment[name] ?? fallback) { return zone }
        fault(name, "must be a time zone such as America/Los_Angeles")
        return .gmt
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, default fallback: Value
    ) -> Value where Value.RawValue == String {
        guard let text = environment[name] else { return fallback }
        if let value = Value(rawValue: text) { return value }
        fault(name, "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        return fallback
    }
}
