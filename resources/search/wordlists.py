"""
The words that the analyser has to be told about, written as they are read.

Rules for all words are in analysis.py; here is what no rule finds.
"""

# Plurals that Arabic makes within the word, of what is written about here: on each line
# a word and its plurals.
ARABIC_PLURALS = """
    أجر أجور
    أسرة أسر
    امرأة مرأة نساء نسوة
    برنامج برامج
    بحث أبحاث بحوث
    بلد بلاد
    بنك بنوك
    تاجر تجار
    تقرير تقارير
    حق حقوق
    خبير خبراء
    دليل أدلة
    دولة دول
    شاب شباب
    صندوق صناديق
    طالب طلاب طلبة
    طبيب أطباء
    طفل أطفال
    عامل عمال عمالة
    عقل عقول
    عقد عقود
    فرصة فرص
    قانون قوانين
    قرض قروض
    قرية قرى
    كتاب كتب
    مال أموال
    مدرسة مدارس
    مدينة مدن
    مركز مراكز
    مشروع مشاريع
    مصرف مصارف
    مغربي مغاربة
    منحة منح
    مورد موارد
    نشاط أنشطة
    سوق أسواق
    ولد أولاد
"""

# How the names of countries begin, and of who comes from them.
NATIONS = """
    afghan afgan alban aleman alger argel argentin armen australi bangladesh benin
    bolivi bosni brasil brazil bresil burund camerou cameroon camerun canad chil chin
    colomb comor congo dominic(?=ain|an) ecuador egypt egipt eritre erythre ethiop
    etiop filipin gambi georgi german ghan guatemal guine haiti hondur indi(?!es)
    indones iran iraq irak ital ivoir jamaic japan japon jordan keni keny leban liban
    liberi libi liby mali maroc mauritan mexic moldav moldov morocc nepal nicaragu
    nigeri(?!en) pakistan palestin paraguay peru philippin polon romani rouman ruand
    rwand salvador senegal serb siri somal soudan sudan syri tanzan togo tunis ucrani
    ugand ukrain uruguay venezuel vietnam yemen zamb zimbabw
""".split()

# What people call countries whose official names have another word for it.
COUNTRY_WORDS = {
    **dict.fromkeys(["birmanie", "birmania", "burma"], "myanmar"),
    "czech": "czechia",
    **dict.fromkeys(["holland", "hollande", "holanda"], "netherlands"),
    "ivory": "ivoire",
    "laos": "lao",
    **dict.fromkeys(["russia", "روسيا"], "russian"),
    "swaziland": "eswatini",
    **dict.fromkeys(["turkey", "turquie", "turquia"], "turkiye"),
    **dict.fromkeys(["vietnam", "فيتنام"], "nam"),
}

# Words too common to tell records apart.
STOP_WORDS = """
    a about all also am an and any anybody anyone anything are as at be because been
    but by can could did do does each either for from get give had has have having
    he her here him his how i if in into is it its just may me might must my no nor
    not of on or our ours over please shall she should show so some somebody someone
    something such tell than that the their theirs them then there these they this
    those to under until us was we were what when where whether which who whom whose
    why will with would you your yours
    ai au aussi aux avec avez avoir c car ce ces cet cette ceux chez cherche comme
    comment d dans de des dont du elle elles en entre est et ete etre eux faire fait
    font il ils j je l la le les leur leurs lui m ma mais me mes moi mon n ne ni nos
    notre nous on ont ou par pas peut peuvent plus pour pourquoi puis puisque qu
    quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont suis
    sur t tous tout toute toutes trouver un une voudrais vos votre vous y
    al algo alguien algun alguna algunas algunos ante aqui asi aunque busco como con
    contra cual cuales cualquier cuando de del desde donde e el ella ellas ellos en
    entre era es esa ese eso esta estan estar estas este estos estoy fue ha haber
    hacen hacer han hasta hay la las les lo los mas me mi mis muy necesito ni nos
    nuestra nuestras nuestro nuestros o para pero poder por porque pueden puede
    puedo que quien quienes quiero quisiera saber se ser si sin sobre son su sus
    tambien tengo tiene tienen un una unas uno unos ya
    di il dello della dei degli delle che per gli uno con da dal dalla nel nella do
    dos das na nas nos ao aos pela pelo um uma
    في من الى على عن عبر مع هذا هذه ذلك تلك التي الذي اللذان الذين اللواتي هو هي هم
    هل ما ماذا لماذا متى كم لا ليس ان انا او ثم قد كان كانت كل بين بعد قبل عند حول
    بشأن خلال و يا لم لن كما كيف اي ابحث اريد نحن يمكن يمكنني يوجد توجد هناك له لها
    لهم به بها فيه فيها منه منها عنه عنها اذا لكن
"""
