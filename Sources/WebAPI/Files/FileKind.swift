/// The kinds of files that are taken, told by what is in them and by nothing else.
///
/// Source: SEC-11.
enum FileKind: String, CaseIterable {
    case png = "image/png"
    case jpeg = "image/jpeg"
    case gif = "image/gif"
    case webp = "image/webp"
    case pdf = "application/pdf"
    case wav = "audio/wav"
    case oggAudio = "audio/ogg"
    case mp4Audio = "audio/mp4"
    case webm = "video/webm"
    case oggVideo = "video/ogg"
    case mp4Video = "video/mp4"

    /// How much of a file's beginning tells its kind.
    static let telling = 512

    /// Finds the kind; nil when it is none of these.
    ///
    /// - Parameter head: The first ``telling`` bytes of the file, or all of it.
    init?(_ head: some Collection<UInt8>) {
        let head = Array(head.prefix(Self.telling))
        func has(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
        func mentions(_ text: String) -> Bool { head.firstRange(of: Array(text.utf8)) != nil }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has("GIF87a") || has("GIF89a") {
            self = .gif
        } else if has("RIFF"), has("WEBP", at: 8) {
            self = .webp
        } else if has("RIFF"), has("WAVE", at: 8) {
            self = .wav
        } else if has("%PDF-") {
            self = .pdf
        } else if has("OggS") {
            self = mentions("theora") ? .oggVideo : .oggAudio
        } else if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]), mentions("webm") {
            self = .webm
        } else if has("ftyp", at: 4) {
            self = has("M4A", at: 8) || has("M4B", at: 8) ? .mp4Audio : .mp4Video
        } else {
            return nil
        }
    }

    /// How large one may be.
    var limit: Int {
        switch self {
        case .png, .jpeg, .gif, .webp: 10 << 20
        case .pdf, .wav, .oggAudio, .mp4Audio: 25 << 20
        case .webm, .oggVideo, .mp4Video: 500 << 20
        }
    }

    /// How names of such files end.
    var extensions: Set<String> {
        switch self {
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .gif: ["gif"]
        case .webp: ["webp"]
        case .pdf: ["pdf"]
        case .wav: ["wav"]
        case .oggAudio: ["ogg", "oga", "opus"]
        case .mp4Audio: ["m4a", "mp4"]
        case .webm: ["webm", "weba"]
        case .oggVideo: ["ogv", "ogg"]
        case .mp4Video: ["mp4", "m4v", "mov"]
        }
    }
}
