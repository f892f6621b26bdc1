/// What becomes of fires whose moment passed while nobody could fire them.
///
/// The raw values are stable, for rows outlive code.
public enum CatchUp: String, Sendable, Hashable, CaseIterable, Codable {
    /// Nothing: a fire that is later than ``punctuality`` is left out.
    case none
    /// The last of them is made up for, once.
    case last
    /// Each of them is made up for, in order, with a job of its own.
    case all

    /// How late a fire may be and still count as on time, in seconds: a change of leader takes some.
    public static let punctuality = 60.0
}
