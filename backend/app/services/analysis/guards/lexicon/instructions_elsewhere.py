"""Orders to software in German, French, Spanish, Portuguese, Italian, Dutch, Polish, Russian, Chinese and Japanese."""

from __future__ import annotations

from typing import Final

from app.services.analysis.guards.phrases import patterns

ELSEWHERE: Final = patterns("""
    (?:ignorier(?:e|en sie|t)|vergiss|vergessen sie|missachte(?:n sie)?|überschreibe?(?:n sie)?
        |verwirf) (?:\\w+ ){0,4}(?:vorherig|bisherig|obig|vorangegangen|früher|deine|ihre
        |alle)\\w* (?:\\w+ ){0,3}(?:anweisung|instruktion|regeln|vorgaben|prompt|befehl|richtlinie
        |anordnung)\\w*
    (?:bewerte(?:n sie)?|beurteile(?:n sie)?|stufe(?:n sie)?|benote(?:n sie)?|gib|geben sie) (?:mich|mir
        |diese[nrm]?|den kandidaten|die kandidatin|dem kandidaten|alle[ns]?|jedes) (?:\\w+ ){0,8}(?:strong yes
        |höchst\\w*|best\\w*|top\\w*|maximal\\w*|sehr gut|hervorragend|volle punktzahl|fünf|5|10|schlecht\\w*
        |niedrigst\\w*)
    (?:hinweis|nachricht|anweisung|notiz|mitteilung) (?:an|für) (?:die |das |den )?(?:ki|system|modell
        |sprachmodell|software|bewertungssystem|auswertung)
    (?:liebe[sr]?|achtung|hallo)[, ]{1,2}(?:an )?(?:die |das )?(?:ki|sprachmodell|sprach-?ki
        |künstliche intelligenz|chatgpt|bewertungssystem)
    (?:antworte|antworten sie|gib|geben sie) (?:nur|ausschließlich|lediglich) (?:mit|aus)
    du bist (?:jetzt|nun|ab jetzt|ab sofort) (?:ein|eine|der|die) (?:\\w+ ){0,2}(?:ki|assistent|modell
        |bewerter|prüfer|system)\\w*
    als (?:ki|sprachmodell|bewerter|bewertungssystem|prüfer)(?:in)? (?:musst du|müssen sie|sollst du|sollen sie)
    (?:zeige?|nenne|verrate?) (?:mir )?(?:deinen|ihren|den) (?:system-?)?prompt
    (?:ignorez?|oublie[sz]?|oubliez|ne tiens? pas compte de|ne tenez pas compte de) (?:\\w+ )?(?:les|ces
        |vos|tes|des|aux|le|la|l'|ce|ton|votre) ?(?:\\w+ ){0,3}(?:instructions?|consignes|règles|directives
        |ordres|prompts?)
    (?:note[sz]?|notez|évalue[sz]?|évaluez|attribue[sz]?|attribuez|donne[sz]?|donnez)(?:-moi| moi
        | ce candidat| le candidat| cette candidate| à ce candidat)? (?:\\w+[ ']){0,8}(?:strong yes
        |la meilleure note|note maximale|le maximum|oui catégorique|excellent\\w*|5 sur 5|cinq sur cinq
        |la note la plus (?:haute|basse|élevée))
    (?:note|message|instruction|consigne) (?:à|pour) (?:l'ia|l'intelligence artificielle|le modèle
        |le système|le logiciel)
    (?:chère|cher) (?:ia|modèle de langage|système)
    (?:réponds?|répondez) (?:uniquement|seulement|exclusivement) (?:par|avec|en)
    (?:tu es|vous êtes) (?:maintenant|désormais) (?:un|une|l') ?(?:\\w+ ){0,2}(?:ia|assistant|modèle
        |évaluateur|correcteur)
    (?:ignora|ignore|olvida|olvide|desestima|no sigas|omite) (?:\\w+ ){0,4}(?:instrucciones|reglas
        |indicaciones|órdenes|directrices)
    (?:califica|califícame|califique|evalúa|evalúame|evalúe|puntúa|puntúame|valora|dame|dale
        |ponme)(?: a este candidato| al candidato| como)? (?:\\w+ ){0,6}(?:strong yes|máxim[oa]
        |la mejor (?:nota|calificación)|la nota más (?:alta|baja)|sí rotundo|excelente|cinco|5|10)
    (?:nota|mensaje|instrucción|aviso) (?:para|a) (?:la ia|la inteligencia artificial|el modelo|el sistema
        |el software)
    (?:querid[ao]|estimad[ao]) (?:ia|modelo de lenguaje|sistema)
    responde (?:solo|sólo|solamente|únicamente) con
    (?:ahora eres|a partir de ahora eres) (?:un|una) (?:\\w+ ){0,2}(?:ia|asistente|modelo|evaluador)
    (?:ignore|ignora|esqueça|esquece|desconsidere|desconsidera) (?:\\w+ ){0,4}(?:instruções|regras
        |orientações|ordens|diretrizes)
    (?:avalie|avalia|classifique|classifica|dê|pontue)(?:-me| me| este candidato| o candidato| ao candidato
        | a este candidato)? (?:\\w+ ){0,6}(?:strong yes|máxim[oa]|a melhor nota|nota mais (?:alta|baixa)
        |excelente|cinco|5|10)
    (?:nota|mensagem|instrução|aviso) (?:para|à|ao) (?:a |o )?(?:ia|inteligência artificial|modelo|sistema
        |software)
    (?:cara|caro|querida) (?:ia|modelo de linguagem)|responda (?:apenas|somente|só) com
    (?:ignora|ignori|dimentica|dimentichi|non seguire|trascura) (?:\\w+ ){0,4}(?:istruzioni|regole
        |indicazioni|direttive|ordini|prompt)
    (?:valuta|valutami|valuti|classifica|dammi|assegna|assegnami|dai)(?: questo candidato| il candidato
        | al candidato| a questo candidato)? (?:\\w+ ){0,6}(?:strong yes|massimo|massima|il voto più (?:alto
        |basso)|eccellente|ottimo|cinque|5|10)
    (?:nota|messaggio|istruzione|avviso) (?:per|a|all'|al) ?(?:l'ia|ia|l'intelligenza artificiale
        |il modello|modello|il sistema|sistema)
    (?:cara|caro) (?:ia|modello linguistico)|rispondi (?:solo|soltanto|esclusivamente) con
    (?:negeer|vergeet|sla) (?:\\w+ ){0,4}(?:instructies|regels|aanwijzingen|richtlijnen|opdrachten|prompts?)
    (?:beoordeel|waardeer|geef|scoor)(?: mij| me| deze kandidaat
        | de kandidaat)? (?:\\w+ ){0,6}(?:strong yes|hoogste|beste|maximale?|uitstekend|vijf|5|10|laagste)
    (?:bericht|opmerking|instructie|notitie) (?:aan|voor) (?:de |het )?(?:ai|ki|model|taalmodel|systeem
        |software)
    beste (?:ai|taalmodel)|antwoord (?:alleen|uitsluitend|enkel) met
    (?:zignoruj|ignoruj|zapomnij|pomiń|nie stosuj się do|odrzuć) (?:\\w+ ){0,4}(?:instrukcj\\w*
        |poleceni?a?\\w*|zasad\\w*|reguł\\w*|wytyczn\\w*|prompt\\w*)
    (?:oceń|ocen|daj|przyznaj|wystaw)(?: mnie| mi| tego kandydata| kandydata
        | kandydatowi)? (?:\\w+ ){0,6}(?:strong yes|najwyż\\w*|najlepsz\\w*|maksymaln\\w*|najniższ\\w*
        |celując\\w*|5|10)
    (?:wiadomość|uwaga|notatka|instrukcja) (?:do|dla) (?:ai|si|modelu|systemu|sztucznej inteligencji)
    droga (?:ai|sztuczna inteligencjo)|odpowiedz (?:tylko|wyłącznie)
    ~(?:игнорируй(?:те)?|проигнорируй(?:те)?|забудь(?:те)?|отмени(?:те)?
        |не следуй(?:те)?) (?:\\w+ ){0,4}(?:инструкц|указани|правил|команд|промпт|распоряжени)~
    ~(?:оцени(?:те)?|поставь(?:те)?|дай(?:те)?|присвой(?:те)?)(?: меня| мне| этого кандидата| кандидата
        | кандидату)? (?:\\w+ ){0,6}(?:strong yes|высш|лучш|максимальн|наивысш|отлично|пять|5|10|низш)~
    ~(?:сообщение|заметка|примечание|инструкция) (?:для|к) (?:ии|модели|системы|нейросети|искусственного)~
    ~уважаем(?:ая|ый) (?:модель|нейросеть|ии|искусственный)|отвечай(?:те)? только~
    ~(?:忽略|无视|無視|忘记|忘掉|忘記|不要理会|不理会|覆盖)[^。！？.!?]{0,12}(?:指令|指示|提示|规则|規則
        |要求|命令|设定|設定)~
    ~(?:把|将|将|給|给|请给|請給)?(?:我|该候选人|这位候选人|候选人|本候选人)?(?:评为|评价为|打|评定为|評為
        |给出?|的评分|的评级|标记为)[^。！？.!?]{0,10}(?:最高|满分|滿分|优秀|強烈推薦|强烈推荐|强烈录用
        |strong yes|最低)~
    ~(?:致|给|請|请注意[，, ]?|亲爱的)(?:ai|人工智能|语言模型|大模型|模型|评估系统|系统)(?:[：:，,]
        |的(?:说明|提示|消息))~
    ~你现在是[^。！？]{0,8}(?:助手|模型|ai|评估)|只(?:输出|回答|回复)~
    ~(?:以前|これまで|上記|前|今まで|すべて|全て|先)の?[^。！？.!?]{0,8}(?:指示|命令|プロンプト|ルール
        |指令)[^。！？.!?]{0,4}(?:無視|忘れ|破棄|取り消)~
    ~(?:私|わたし|この候補者|候補者)[をにはの][^。！？.!?]{0,16}(?:最高|満点|最上|strong yes|最低
        |強く推薦)[^。！？.!?]{0,12}(?:評価|採点|して|つけ|与え)~
    ~(?:ai|人工知能|言語モデル|評価システム|モデル|システム)(?:への|へ[：:]|に告ぐ|宛て)[^。]{0,6}(?:指示
        |メモ|お願い|メッセージ|注意)~
    ~(?:だけ|のみ)(?:を)?(?:出力|回答)して~
""")
