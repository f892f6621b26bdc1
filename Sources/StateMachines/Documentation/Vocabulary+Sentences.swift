/// The vocabulary's sentences for the words of the files; a word that is not in it stands for itself.
extension Vocabulary {
    func sentence(ofGuard name: Word) -> String { (self.guard(named: name.text)?.says ?? name.text).markdown }

    func sentence(ofApply name: Word) -> String {
        (applies.first { $0.name == name }?.says ?? name.text).markdown
    }

    func sentence(ofFinder name: Word) -> String {
        (finders.first { $0.name == name }?.says ?? name.text).markdown.inSentence
    }

    func sentence(ofFactory name: Word) -> String {
        (factories.first { $0.name == name }?.says ?? name.text).markdown.inSentence
    }

    func sentence(ofSeparation name: Word) -> String {
        (separations.first { $0.name == name }?.says ?? name.text).markdown.inSentence
    }

    func title(ofTask name: Word) -> String { (tasks.first { $0.name == name }?.title ?? name.text).markdown }

    /// `notice lead_created to the admins, if a rep made it`.
    func sentence(of call: JobCall) -> String {
        let recipient = call.parameter("who") ?? call.parameter("to")
        var words: [String] = []
        if let notice = call.parameter("about") {
            words = ["notice", notice.code]
        } else {
            let others = call.parameters.filter { !["who", "to"].contains($0.name.text) }.map(\.value.text.code)
            words = [call.kind.text.code] + others
        }
        if let recipient { words += ["→", recipient.replacing("_", with: " ")] }
        let condition = call.onlyIf.map { ", if: \(sentence(ofGuard: $0).inSentence)" } ?? ""
        return words.joined(separator: " ") + condition
    }
}
