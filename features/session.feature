Feature: The session
  Accepting starts a session at once: the recipient controls the inviter's device, with the
  permissions the inviter chose. The inviter can change them during the session.

  Rule: SESSION-1 Accepting starts the session without anything more from the inviter

    @SESSION-1
    Scenario: The session starts as soon as the recipient accepts
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada
      And exactly one session has started
      And Ada sees no session request

    @SESSION-1
    Scenario: The session starts from a changed invitation of a portable inviter
      Given Ada uses version 10.0.0
      And Bob uses version 7.0.0
      And Ada has a portable client
      And Ada has invited Bob by alias
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada
      And exactly one session has started
      And Ada sees no session request

    @SESSION-1
    Scenario: The session starts for a portable recipient invited from a tile
      Given Ada uses version 7.0.0
      And Bob uses version 10.0.0
      And Bob has a portable client
      And Bob is in Ada's Discovery
      And Ada has invited Bob from the tile in Discovery
      When Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada
      And exactly one session has started

    @SESSION-1
    Scenario Outline: The next invitation starts a session although the first came to nothing
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And <ending>
      And Ada has invited Bob
      When Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada
      And exactly one session has started

      Examples:
        | ending                                                |
        | Bob has rejected the invitation                       |
        | Ada has cancelled the invitation                      |
        | 121 seconds have passed since the invitation was sent |

  Rule: SESSION-2 The session starts with the permissions of the chosen profile

    @SESSION-2
    Scenario Outline: The session has the permissions of the chosen profile
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form> with the permission profile "<profile>"
      When Bob accepts the invitation
      Then the session has exactly the permissions of the permission profile "<profile>"

      Examples:
        | form     | profile        |
        | by ID    | Default        |
        | by ID    | Screen Sharing |
        | by alias | Full Access    |

    @SESSION-2
    Scenario Outline: A session from a tile has the permissions of the chosen profile
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's <list>
      And Ada has invited Bob from the tile in <list> with the permission profile "<profile>"
      When Bob accepts the invitation
      Then the session has exactly the permissions of the permission profile "<profile>"

      Examples:
        | list      | profile        |
        | Favorites | Screen Sharing |
        | Discovery | Full Access    |

    @SESSION-2
    Scenario: A profile means what the inviter has put into it
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name    | permissions                      | enabled |
        | Default | view, clipboard, audio, restart  | yes     |
      And Bob has the permission profiles
        | name    | permissions                      | enabled |
        | Default | view, input, files               | yes     |
      And Ada has invited Bob with the permission profile "Default"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view, clipboard, audio, restart"

    @SESSION-2
    Scenario: An earlier invitation lends the next session no permissions
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Full Access"
      And Bob has rejected the invitation
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Bob accepts the invitation
      Then the session has exactly the permissions of the permission profile "Screen Sharing"

    @SESSION-2
    Scenario: A profile that was edited means what is in it when it is chosen
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name     | permissions  | enabled |
        | Default  | view         | yes     |
        | Helpdesk | view, input  | yes     |
      And Ada has invited Bob with the permission profile "Helpdesk"
      And Bob has rejected the invitation
      When Ada edits the permission profile "Helpdesk" to "view, audio"
      And Ada invites Bob with the permission profile "Helpdesk"
      And Bob accepts the invitation
      Then the session has exactly the permissions "view, audio"

    @SESSION-2
    Scenario: Of two profiles that differ in letter case the chosen one counts
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name    | permissions | enabled |
        | Default | view        | yes     |
        | Support | view, audio | yes     |
        | support | view, files | yes     |
      And Ada has invited Bob with the permission profile "support"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view, files"

  Rule: SESSION-3 A change while pending decides the permissions of the session

    @SESSION-3
    Scenario Outline: The session has the permissions of the changed invitation
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form> with the permission profile "<before>"
      And Ada has changed the invitation to the permission profile "<after>"
      When Bob accepts the invitation
      Then the session has exactly the permissions of the permission profile "<after>"

      Examples:
        | form     | before         | after          |
        | by ID    | Default        | Screen Sharing |
        | by alias | Screen Sharing | Full Access    |

    @SESSION-3
    Scenario Outline: The last change counts
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "<first change>"
      And Ada has changed the invitation to the permission profile "<last change>"
      When Bob accepts the invitation
      Then the session has exactly the permissions of the permission profile "<last change>"

      Examples:
        | first change   | last change    |
        | Full Access    | Screen Sharing |
        | Screen Sharing | Default        |

    @SESSION-3
    Scenario: A late change of an invitation from a tile counts for a late answer
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Address Book
      And Ada has invited Bob from the tile in Address Book
      And 60 seconds have passed since the invitation was sent
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then the session has exactly the permissions "view"

    @SESSION-3
    Scenario: A change to an earlier invitation does not carry over to the next one
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name     | permissions                 | enabled |
        | Default  | view, input, clipboard      | yes     |
        | Watch    | view                        | yes     |
        | Helpdesk | view, audio, files, restart | yes     |
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Watch"
      And Ada has cancelled the invitation
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Helpdesk"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view, audio, files, restart"

    @SESSION-3
    Scenario: Of four changes the last one counts
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Full Access"
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      And Ada has changed the invitation to the permission profile "Full Access"
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view"

    @SESSION-3
    Scenario: A change in the last seconds counts for an accept right after it
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And 115 seconds have passed since the invitation was sent
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view"

  Rule: SESSION-4 The recipient controls the inviter's device, not the other way round

    @SESSION-4
    Scenario Outline: Control goes one way only
      Given <inviter> and <recipient> use version 7 or later
      And <inviter> has invited <recipient> <form>
      When <recipient> accepts the invitation
      Then <recipient> controls the device of <inviter>
      But <inviter> does not control the device of <recipient>

      Examples:
        | inviter | recipient | form     |
        | Ada     | Bob       | by ID    |
        | Dora    | Ada       | by alias |

    @SESSION-4
    Scenario: An earlier invitation the other way does not turn the session round
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Favorites
      And Bob has invited Ada
      And Ada has rejected the invitation
      And Ada has invited Bob from the tile in Favorites
      And Ada has changed the invitation to the permission profile "Full Access"
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      But Ada does not control the device of Bob

    @SESSION-4
    Scenario: Who has rejected an earlier invitation does not get into another's session
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Cid
      When Cid accepts the invitation
      Then Cid controls the device of Ada
      But Bob does not control the device of Ada
      And Ada does not control the device of Cid

  Rule: SESSION-5 The inviter can change permissions during the session

    @SESSION-5
    Scenario: The inviter takes one permission after the other away
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Full Access"
      And Bob has accepted the invitation
      When Ada denies "privacy-mode" in the session
      Then the attempt succeeds
      And the session denies "privacy-mode"
      But the session allows "tcp-tunnel"
      When Ada denies "tcp-tunnel" in the session
      Then the session has exactly the permissions of the permission profile "Default"
      When Ada denies "block-input" in the session
      And Ada denies "restart" in the session
      And Ada denies "recording" in the session
      Then the session has exactly the permissions "view, input, clipboard, files, audio"
      When Ada denies "clipboard" in the session
      And Ada denies "files" in the session
      And Ada denies "audio" in the session
      Then the session has exactly the permissions "view, input"
      When Ada denies "input" in the session
      Then the attempt succeeds
      And the session has exactly the permissions "view"
      When Ada denies "input" in the session
      Then the session has exactly the permissions "view"

    @SESSION-5
    Scenario: The inviter grants one permission after the other
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob by alias with the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Ada allows "input" in the session
      Then the attempt succeeds
      And the session has exactly the permissions "view, input"
      When Ada allows "clipboard" in the session
      And Ada allows "files" in the session
      And Ada allows "audio" in the session
      Then the session has exactly the permissions "view, input, clipboard, files, audio"
      When Ada allows "recording" in the session
      And Ada allows "restart" in the session
      And Ada allows "block-input" in the session
      Then the session has exactly the permissions of the permission profile "Default"
      When Ada allows "privacy-mode" in the session
      And Ada allows "tcp-tunnel" in the session
      Then the attempt succeeds
      And the session has exactly the permissions of the permission profile "Full Access"
      When Ada denies "files" in the session
      Then the session denies "files"
      But the session allows "tcp-tunnel"

    @SESSION-5
    Scenario: After a changed invitation a permission can be taken away and given back
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      And Ada has changed the invitation to the permission profile "Default"
      And Bob has accepted the invitation
      When Ada denies "input" in the session
      Then the attempt succeeds
      And the session denies "input"
      But the session allows "files"
      When Ada allows "input" in the session
      Then the attempt succeeds
      And the session has exactly the permissions of the permission profile "Default"

    @SESSION-5
    Scenario: Permissions stay as they were set, and can be changed after the two minutes
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Favorites
      And Ada has invited Bob from the tile in Favorites
      And Bob has accepted the invitation
      When Ada denies "files" in the session
      And 135 seconds have passed since the invitation was sent
      Then the session denies "files"
      When Ada denies "clipboard" in the session
      Then the attempt succeeds
      And the session denies "clipboard"
      But the session allows "input"

    @SESSION-5
    Scenario: A permission can be switched again and again
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada denies "input" in the session
      And Ada allows "input" in the session
      Then the session allows "input"
      When Ada denies "input" in the session
      Then the session denies "input"
      When 60 seconds have passed since the invitation was sent
      And Ada allows "input" in the session
      Then the session has exactly the permissions of the permission profile "Default"

    @SESSION-5
    Scenario: A session whose last permission was taken away goes on
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Ada denies "view" in the session
      Then the session denies "view"
      And Bob controls the device of Ada
      When Ada allows "view" in the session
      Then the session has exactly the permissions "view"

  Rule: SESSION-6 A locked permission does not change

    @SESSION-6
    Scenario Outline: A permission locked as denied cannot be granted during the session
      Given Ada and Bob use version 7 or later
      And Ada's client locks "<permission>" as denied
      And Ada has invited Bob <form> with the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Ada allows "<permission>" in the session
      Then the session denies "<permission>"
      When Ada allows "files" in the session
      Then the session allows "files"
      But the session denies "<permission>"

      Examples:
        | form     | permission |
        | by ID    | input      |
        | by alias | audio      |

    @SESSION-6
    Scenario Outline: A permission locked as allowed cannot be taken away during the session
      Given Ada and Bob use version 7 or later
      And Ada's client locks "<permission>" as allowed
      And Ada has invited Bob <form> with the permission profile "Full Access"
      And Bob has accepted the invitation
      When Ada denies "<permission>" in the session
      Then the session allows "<permission>"
      When Ada denies "files" in the session
      Then the session denies "files"
      But the session allows "<permission>"

      Examples:
        | form     | permission   |
        | by ID    | input        |
        | by alias | privacy-mode |

    @SESSION-6
    Scenario: Locks hold after a change, after the two minutes, and however often one tries
      Given Ada and Bob use version 7 or later
      And Bob is in Ada's Address Book
      And Ada has the permission profiles
        | name    | permissions            | enabled |
        | Default | view, clipboard, files | yes     |
        | Watch   | view, clipboard        | yes     |
      And Ada's client locks "input" as denied
      And Ada's client locks "recording" as denied
      And Ada's client locks "clipboard" as allowed
      And Ada has invited Bob from the tile in Address Book
      And Ada has changed the invitation to the permission profile "Watch"
      And Bob has accepted the invitation
      When 121 seconds have passed since the invitation was sent
      And Ada allows "input" in the session
      And Ada allows "recording" in the session
      And Ada denies "clipboard" in the session
      And Ada allows "audio" in the session
      Then the session allows "audio"
      But the session denies "input"
      And the session denies "recording"
      And the session allows "clipboard"
      When Ada allows "input" in the session
      And Ada denies "clipboard" in the session
      And Ada denies "audio" in the session
      Then the session denies "audio"
      But the session denies "input"
      And the session allows "clipboard"

  Rule: SESSION-7 Changes during a session stay in that session

    @SESSION-7
    Scenario: What was granted and taken away is not remembered for the next session
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada denies "input" in the session
      And Ada allows "privacy-mode" in the session
      Then the session denies "input"
      And the session allows "privacy-mode"
      When Ada invites Cid
      Then Cid sees the invitation from Ada
      When Cid accepts the invitation
      Then the session with Cid allows "input"
      And the session with Cid denies "privacy-mode"
      But the session with Bob denies "input"
      And the session with Bob allows "privacy-mode"

    @SESSION-7
    Scenario: A change in one session does not reach another one at the same device
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada invites Cid with the permission profile "Screen Sharing"
      Then Cid sees the invitation from Ada
      When Cid accepts the invitation
      Then Cid controls the device of Ada
      When Ada allows "privacy-mode" in the session with Cid
      Then the session with Cid allows "privacy-mode"
      But the session with Bob denies "privacy-mode"

    @SESSION-7
    Scenario: What was taken away in a session is not taken away in the next of the same two
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada denies "input" in the session
      Then the session denies "input"
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      When Bob accepts the invitation
      Then the new session has exactly the permissions of the permission profile "Default"

    @SESSION-7
    Scenario: Of two sessions of the same two a change reaches the one it is made in
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      When Bob accepts the invitation
      And Ada denies "input" in the new session
      Then the new session denies "input"
      But the earlier session allows "input"

    @SESSION-7
    Scenario: Changes in a session do not keep those in the next one of the same two
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada denies "files" in the session
      And Ada allows "files" in the session
      And Ada invites Bob
      Then the attempt succeeds
      When Bob accepts the invitation
      And Ada denies "input" in the new session
      Then the new session denies "input" at both ends
      But the earlier session allows "input" at both ends

    @SESSION-7
    Scenario: A session the other way has permissions of its own
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada denies "input" in the session
      And Bob invites Ada with the permission profile "Full Access"
      Then Ada sees the invitation from Bob
      When Ada accepts the invitation
      Then Ada controls the device of Bob
      And Bob controls the device of Ada
      And the session with Ada has exactly the permissions of the permission profile "Full Access"
      But the session with Bob denies "input"
      And the session with Bob denies "tcp-tunnel"

    @SESSION-7
    Scenario: Of two sessions in opposite directions each host switches one
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Bob invites Ada
      Then Ada sees the invitation from Bob
      When Ada accepts the invitation
      And Ada denies "files" in the session with Bob
      Then the session with Bob denies "files"
      But the session with Ada allows "files"
      When Bob denies "audio" in the session with Ada
      Then the session with Ada denies "audio"
      But the session with Bob allows "audio"
      When Bob allows "files" in the session with Bob
      Then the session with Bob denies "files"

    @SESSION-7
    Scenario Outline: A session goes on whatever becomes of a later invitation to another
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada invites Cid with the permission profile "Screen Sharing"
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      When <ending>
      Then Cid sees no invitation
      But Bob controls the device of Ada
      And the session has exactly the permissions of the permission profile "Default"

      Examples:
        | ending                                                |
        | Cid rejects the invitation                            |
        | Ada cancels the invitation to Cid                     |
        | 125 seconds have passed since the invitation was sent |

  Rule: SESSION-8 A locked permission has its locked value from the start

    @SESSION-8
    Scenario: A lock that denies wins over the chosen profile
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name    | permissions               | enabled |
        | Default | view, input, audio, files | yes     |
      And Ada's client locks "input" as denied
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      When Bob accepts the invitation
      Then the session has exactly the permissions "view, audio, files"

    @SESSION-8
    Scenario: A lock that allows wins over the chosen profile
      Given Ada and Bob use version 7 or later
      And Ada's client locks "audio" as allowed
      When Ada invites Bob by alias with the permission profile "Screen Sharing"
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      When Bob accepts the invitation
      Then the session has exactly the permissions "view, audio"

    @SESSION-8
    Scenario: A lock of the recipient's client has no say
      Given Ada and Bob use version 7 or later
      And Bob's client locks "input" as denied
      And Bob's client locks "audio" as allowed
      And Ada has the permission profiles
        | name    | permissions        | enabled |
        | Default | view, input, files | yes     |
      When Ada invites Bob
      Then Bob sees the invitation from Ada
      When Bob accepts the invitation
      Then the session has exactly the permissions "view, input, files"

    @SESSION-8
    Scenario: Locks win over the profile of a changed invitation
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name    | permissions            | enabled |
        | Default | view, audio, files     | yes     |
        | Desk    | view, input, clipboard | yes     |
      And Ada's client locks "input" as denied
      And Ada's client locks "audio" as allowed
      And Ada has invited Bob
      When Ada changes the invitation to the permission profile "Desk"
      Then the attempt succeeds
      When Bob accepts the invitation
      Then the session has exactly the permissions "view, clipboard, audio"

  Rule: SESSION-9 The permissions are fixed when the invitation is sent or modified

    @SESSION-9
    Scenario: Editing the profile later alters neither the invitation nor the session
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada edits the permission profile "Default" to "view, audio"
      Then the attempt succeeds
      When Bob accepts the invitation
      Then the session has exactly the permissions of the permission profile "Default"
      When Ada edits the permission profile "Default" to "view"
      Then the session has exactly the permissions of the permission profile "Default"

    @SESSION-9
    Scenario: Editing the profile after a change does not alter the changed invitation
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada changes the invitation to the permission profile "Screen Sharing"
      And Ada edits the permission profile "Screen Sharing" to "view, audio"
      Then the attempt succeeds
      When Bob accepts the invitation
      Then the session has exactly the permissions "view"

    @SESSION-9
    Scenario: A change takes the profile as it is at that moment
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada edits the permission profile "Screen Sharing" to "view, audio"
      And Ada changes the invitation to the permission profile "Screen Sharing"
      And Ada edits the permission profile "Screen Sharing" to "view, files"
      And Bob accepts the invitation
      Then the session has exactly the permissions "view, audio"

    @SESSION-9
    Scenario: A change to the same profile takes what it has been edited to
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Ada edits the permission profile "Screen Sharing" to "view, audio"
      And Ada changes the invitation to the permission profile "Screen Sharing"
      And Bob accepts the invitation
      Then the session has exactly the permissions "view, audio"

  Rule: SESSION-10 Only the inviter changes the permissions of a session

    @SESSION-10
    Scenario Outline: The recipient cannot grant itself a permission
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form> with the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Bob allows "input" in the session
      Then the session denies "input"
      When Bob allows "files" in the session
      Then the session has exactly the permissions "view"
      When Ada allows "input" in the session
      Then the session allows "input"
      But the session denies "files"

      Examples:
        | form     |
        | by ID    |
        | by alias |

    @SESSION-10
    Scenario: The recipient cannot take a permission back after the two minutes either
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Discovery
      And Ada has invited Bob from the tile in Discovery with the permission profile "Default"
      And Bob has accepted the invitation
      When Bob denies "input" in the session
      Then the session has exactly the permissions of the permission profile "Default"
      When 121 seconds have passed since the invitation was sent
      And Bob allows "privacy-mode" in the session
      Then the session has exactly the permissions of the permission profile "Default"
      When Ada denies "files" in the session
      Then the session denies "files"
      But the session allows "input"

    @SESSION-10
    Scenario: A recipient who was the inviter before cannot switch a permission either
      Given Ada and Bob use version 7 or later
      And Bob has invited Ada
      And Ada has rejected the invitation
      And Ada has invited Bob with the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Bob allows "input" in the session
      Then the session has exactly the permissions "view"
      When Ada allows "files" in the session
      Then the session has exactly the permissions "view, files"

  Rule: SESSION-11 Connect in the main window answers no invitation

    @SESSION-11
    Scenario: An invited recipient who presses Connect only asks for a session
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob connects to Ada
      Then the attempt succeeds
      And Ada sees a session request from Bob
      And no session has started
      And Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then Bob controls the device of Ada
