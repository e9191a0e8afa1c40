package org.pintail.mail;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the mailboxes of a new account are called in its language.
record FolderNames(String sent, String trash, String drafts, String junk) {
    private static final FolderNames ENGLISH = new FolderNames("Sent Mail", "Trash", "Drafts", "Junk");
    private static final Map<String, FolderNames> BY_LANGUAGE = Map.ofEntries(
            Map.entry("en", ENGLISH),
            Map.entry("et", new FolderNames("Saadetud kirjad", "Prügikast", "Mustandid", "Rämpspost")),
            Map.entry("de", new FolderNames("Gesendet", "Papierkorb", "Entwürfe", "Spam")),
            Map.entry("fr", new FolderNames("Messages envoyés", "Corbeille", "Brouillons", "Indésirables")),
            Map.entry("es", new FolderNames("Enviados", "Papelera", "Borradores", "Correo no deseado")),
            Map.entry("fi", new FolderNames("Lähetetyt", "Roskakori", "Luonnokset", "Roskaposti")),
            Map.entry("sv", new FolderNames("Skickat", "Papperskorgen", "Utkast", "Skräppost")),
            Map.entry("lv", new FolderNames("Nosūtītās", "Miskaste", "Melnraksti", "Mēstules")),
            Map.entry("lt", new FolderNames("Išsiųsti laiškai", "Šiukšlinė", "Juodraščiai", "Šlamštas")),
            Map.entry("ru", new FolderNames("Отправленные", "Корзина", "Черновики", "Спам")),
            Map.entry("pl", new FolderNames("Wysłane", "Kosz", "Szkice", "Spam")),
            Map.entry("it", new FolderNames("Posta inviata", "Cestino", "Bozze", "Posta indesiderata")),
            Map.entry("nl", new FolderNames("Verzonden", "Prullenbak", "Concepten", "Ongewenst")),
            Map.entry("pt", new FolderNames("Enviados", "Lixeira", "Rascunhos", "Spam")),
            Map.entry("da", new FolderNames("Sendt", "Papirkurv", "Kladder", "Spam")),
            Map.entry("no", new FolderNames("Sendt", "Papirkurv", "Utkast", "Søppelpost")),
            Map.entry("uk", new FolderNames("Надіслані", "Кошик", "Чернетки", "Спам")));

    /// `language` such as `et` or `et_EE`; English where we know none.
    static FolderNames of(@Nullable String language) {
        if (language == null) {
            return ENGLISH;
        }
        var code = language.strip().toLowerCase(Locale.ROOT).split("[_-]", 2)[0];
        return BY_LANGUAGE.getOrDefault(code, ENGLISH);
    }
}
