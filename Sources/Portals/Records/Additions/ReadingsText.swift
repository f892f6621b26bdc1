import Foundation
import StateMachines
import WebAPI
import Workflows

/// Temperature readings as somebody types them or a logger writes them: a line for each, with its moment, the degrees
/// Fahrenheit and maybe the sensor.
///
/// What is wrong is told of every line at once. A first line that names the columns is passed over.
struct ReadingsText {
    private(set) var readings: [ColdChain.Reading] = []
    private(set) var faults: [Refusal.Reason] = []

    /// - Parameters:
    ///   - text: The lines; parts are parted by commas, semicolons or tabs.
    ///   - sensor: The sensor of lines that name none.
    ///   - zone: In which moments are written that do not say theirs.
    ///   - isAhead: Whether a moment is later than anybody can have read anything.
    init(_ text: String, sensor: String, zone: TimeZone, isAhead: (Date) -> Bool) {
        let lines = text.trimmingPrefix("\u{FEFF}").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let parts = line.split(omittingEmptySubsequences: false) { ",;\t".contains($0) }
                .map { $0.trimmingCharacters(in: .whitespaces.union(["\""])) }
            guard parts.contains(where: { !$0.isEmpty }) else { continue }
            let isHeading = readings.isEmpty && faults.isEmpty && !line.contains(where: \.isNumber)
            if isHeading { continue }
            read(parts, number: index + 1, sensor: sensor, zone: zone, isAhead: isAhead)
        }
        if readings.count + faults.count > ShipmentDesk.most {
            faults = []
            refuse("At most \(Words.counted(ShipmentDesk.most)) readings are taken at once.")
        } else if readings.isEmpty, faults.isEmpty {
            refuse("There is no reading here. Type some, a line for each, or choose a file.")
        }
    }

    private mutating func read(
        _ parts: [String], number: Int, sensor: String, zone: TimeZone, isAhead: (Date) -> Bool
    ) {
        var wrong: [String] = []
        let moment = Self.moment(parts[0], in: zone)
        if moment == nil { wrong.append("\"\(Self.short(parts[0]))\" is no moment, such as 2026-03-02 10:00") }
        if let moment, isAhead(moment) { wrong.append("this moment is still ahead") }
        let degrees = parts.count > 1 ? parts[1] : ""
        let hundredths = Self.hundredths(degrees)
        if hundredths == nil { wrong.append("\"\(Self.short(degrees))\" is no temperature, such as -9.5") }
        if let hundredths, !ShipmentDesk.believed.contains(hundredths) {
            wrong.append("no reading is believed to be so cold or so warm")
        }
        let own = parts.count > 2 && !parts[2].isEmpty ? parts[2] : sensor
        if own.isEmpty { wrong.append("it names no sensor") }
        if own.count > 100 || own.contains("\0") { wrong.append("the sensor's name is too long") }
        guard wrong.isEmpty, let moment, let hundredths else {
            return refuse("Line \(number): \(wrong.joined(separator: "; ")).")
        }
        readings.append(.init(sensor: own, at: moment, hundredths: hundredths))
    }

    private mutating func refuse(_ message: String) {
        faults.append(.init(code: "input_invalid", message: message, field: Addition.paste))
    }

    private static func moment(_ text: String, in zone: TimeZone) -> Date? {
        Timestamp.moment(text) ?? AskedInputs.moment(text.replacing(" ", with: "T", maxReplacements: 1), in: zone)
    }

    /// `-9.5`, `+3`, `12.25 °F` as hundredths of a degree.
    private static func hundredths(_ text: String) -> Int? {
        var bare = text[...]
        for unit in ["°F", "F"] where bare.hasSuffix(unit) {
            bare = bare.dropLast(unit.count)
            break
        }
        let number = bare.trimmingCharacters(in: .whitespaces)
        let digits = number.drop { "+-−".contains($0) }
        guard number.count - digits.count <= 1, let value = AskedInputs.hundredths(String(digits)), digits.first != "$"
        else { return nil }
        return Int(value) * (number.hasPrefix("-") || number.hasPrefix("−") ? -1 : 1)
    }

    private static func short(_ text: String) -> String { text.count > 40 ? text.prefix(40) + "…" : text }
}
