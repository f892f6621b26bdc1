import StateMachines
import WebAPI
import Workflows

/// What can be added to a record besides by its moves, with the form for it beside the table that shows it.
enum Addition: String, Sendable {
    /// Something that was seen of a parcel.
    case event = "tracking-events"
    /// Temperature readings, typed or as a file.
    case readings
    /// A file.
    case file = "files"

    /// The field that readings are typed into.
    static let paste = "lines"
    /// The field that a file is chosen in.
    static let upload = "file"

    /// What the form asks for, besides files and long texts.
    var asks: [Ask] {
        switch self {
        case .event:
            [
                Ask(
                    name: "status", type: .choice(ShipmentDesk.states.map { Word(stringLiteral: $0) }),
                    isRequired: true, title: "State"),
                Ask(name: "location", type: .text, isRequired: true, title: "Place"),
                Ask(name: "occurred_at", type: .time, isRequired: true, title: "At"),
                Ask(name: "description", type: .text, title: "Remark"),
            ]
        case .readings:
            [
                Ask(name: "sensor", type: .text, title: "Sensor of lines that name none"),
                Ask(
                    name: "source",
                    type: .choice(TemperatureFeed.Source.allCases.map { Word(stringLiteral: $0.rawValue) }),
                    title: "Source"),
            ]
        case .file: []
        }
    }

    /// Whether its form sends a file.
    var isMultipart: Bool { self != .event }

    /// What opens the form.
    var label: String {
        switch self {
        case .event: "Add event"
        case .readings: "Add readings"
        case .file: "Send a file"
        }
    }

    /// What is told when it is done, of so many at once.
    func done(_ count: Int?) -> String {
        switch self {
        case .event: "The event is there."
        case .readings:
            "\(Words.counted(count ?? 0)) \(count == 1 ? "reading is" : "readings are") kept. "
                + "One that was there already is kept once."
        case .file: "The file is there."
        }
    }

    /// What is told when nothing came of it.
    var refused: String {
        switch self {
        case .event: "The event was not added."
        case .readings: "No reading was kept: mend these lines first."
        case .file: "The file was not kept."
        }
    }
}

/// An addition that was sent and refused.
struct RefusedAddition {
    let addition: Addition
    let form: RefusedForm
}
