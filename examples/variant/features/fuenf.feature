# language: de
Funktionalität: Fünf Minuten
  Dieselben Schritte auf Deutsch; invitelab bringt die Sätze mit.

  @EXPIRY-1
  Szenario: Nach vier Minuten lässt sich eine Einladung noch annehmen
    Angenommen Ada und Bob verwenden Version 7 oder neuer
    Und Ada hat Bob mit dem Berechtigungsprofil "Support" eingeladen
    Wenn seit dem Senden der Einladung 240 Sekunden vergangen sind
    Und Bob die Einladung im Pop-up annimmt
    Dann steuert Bob das Gerät von Ada

  @EXPIRY-2
  Szenario: Nach mehr als fünf Minuten lässt sie sich nicht mehr annehmen
    Angenommen Ada und Bob verwenden Version 7 oder neuer
    Und Ada hat Bob eingeladen
    Wenn seit dem Senden der Einladung 301 Sekunden vergangen sind
    Und Bob die Einladung annimmt
    Dann hat keine Sitzung begonnen

  @FIVE-1
  Szenario: Nach einer Änderung endet sie erst nach weiteren fünf Minuten
    Angenommen Ada und Bob verwenden Version 7 oder neuer
    Und Ada hat Bob eingeladen
    Wenn seit dem Senden der Einladung 200 Sekunden vergangen sind
    Und Ada die Einladung auf das Berechtigungsprofil "Full Access" ändert
    Und seit dem Senden der Einladung 499 Sekunden vergangen sind
    Dann sieht Bob die Einladung von Ada
    Wenn seit dem Senden der Einladung 501 Sekunden vergangen sind
    Dann sieht Bob keine Einladung
